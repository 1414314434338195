import type * as pulumi from "@pulumi/pulumi";
import type { Config } from "../config.ts";
import { dataOutput, dataLocations } from "../config/data-output.ts";
import { claims } from "./airflow/names.ts";
import type { StorageAccess } from "./cluster/cluster.ts";
import type { BuiltImages } from "./images.ts";
import { imagesOutput } from "./own-images/planned.ts";
import type { PlatformSign } from "./ownership/platform-sign.ts";
import type { WebInterface } from "./web/web-interface.ts";
import { type WebUiName, webUiNames, webUis } from "./parts.ts";

interface Administrator {
  adminUser: pulumi.Input<string>;
  adminPassword: pulumi.Output<string>;
}

interface PlatformOutputsArgs {
  config: Config;
  sign: PlatformSign;
  interfaces: Partial<Record<WebUiName, WebInterface>>;
  administrators: Record<WebUiName, Administrator | undefined>;
  /** Where Airflow's logs are; undefined: on a volume. */
  logs: StorageAccess | undefined;
  /** The images that the stack built; undefined: it uses published ones. */
  built: BuiltImages | undefined;
}

/** Outputs for the platform's own commands and its next update, and those that a preview can only hide. */
export const internalOutputs: readonly string[] = [
  dataOutput,
  imagesOutput,
  ...["adminPasswords", "handover", "kubeconfig", "platformId", "postgresAdminPassword", "rotation"],
];

/** The outputs of a stack for its users: where each UI is, who may log in, where logs are. */
export function platformOutputs({ config, sign, interfaces, administrators, logs, built }: PlatformOutputsArgs) {
  const urls = Object.fromEntries(
    webUiNames.flatMap((name) => {
      const ui = interfaces[name];
      return ui === undefined ? [] : [[webUis[name].output, ui.url]];
    }),
  );
  const portForward = mapValues(interfaces, ({ portForward }) => portForward);
  return {
    namespace: config.namespace,
    // What the platform owns carries it; who has lost the state reads it there.
    platformId: sign.id,
    ...urls,
    logLocation: logs?.uri ?? `the volume ${claims.logs}`,
    [dataOutput]: dataLocations(config),
    // `make rotate` tells by it what was deployed.
    rotation: config.rotation,
    adminUsers: mapValues(administrators, ({ adminUser }) => adminUser),
    adminPasswords: mapValues(administrators, ({ adminPassword }) => adminPassword),
    ...(Object.keys(portForward).length === 0 ? {} : { portForward }),
    ...(built === undefined ? {} : { [imagesOutput]: built.references }),
  };
}

/** The same record with each value that is there replaced; what becomes undefined goes. */
function mapValues<T, U>(record: Record<string, T | undefined>, f: (value: T) => U | undefined): Record<string, U> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) => {
      const mapped = value === undefined ? undefined : f(value);
      return mapped === undefined ? [] : [[name, mapped]];
    }),
  );
}
