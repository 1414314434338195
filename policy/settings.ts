import { cloudOf } from "../components/cluster/kinds.ts";
import { localRegistry } from "../components/cluster/shared-schema.ts";
import { listAt } from "../lib/json.ts";
import { parsed } from "../lib/resource.ts";

/** The parts of a stack's configuration that rules read, in addition to its resources. */
export interface Settings {
  /** Label `environment` of the stack. @default - none */
  environment: string | undefined;
  /** What may be deleted with its data, by the names of config/data-names.ts. */
  allowDataLoss: readonly string[];
  /** Whether the program creates NetworkPolicies. */
  networkPolicies: boolean;
  /** Registries and paths of the stack's own images, of its mirrors and of its own Airflow image; `*` stands for any account. */
  registries: readonly string[];
}

/** @param config by `mlops:key`; objects as JSON */
export function settingsOf(config: Readonly<Record<string, string>>): Settings {
  const cluster = parsed(config["mlops:cluster"]);
  const { environment } = parsed(config["mlops:labels"]);
  const { image } = parsed(config["mlops:airflow"]);
  const ofAirflow = typeof image === "string" ? image.slice(0, image.lastIndexOf("/")) : "";
  const mirrors = Object.values(parsed(config["mlops:imageMirrors"])).map(String);
  const others = [config["mlops:imageMirror"] ?? "", ...mirrors, ofAirflow];
  return {
    environment: typeof environment === "string" ? environment : undefined,
    allowDataLoss: namesIn(config["mlops:allowDataLoss"]),
    networkPolicies: config["mlops:networkPolicies"] !== "false",
    registries: [registryOf(config["mlops:imageRegistry"], cluster), ...others.filter((path) => path !== "")],
  };
}

/** Where the stack's own images come from: what it says, or the registry that the program creates. */
function registryOf(published: string | undefined, cluster: object): string {
  if (published !== undefined && published !== "") return published;
  return cloudOf(cluster)?.registry?.(cluster) ?? localRegistry;
}

function namesIn(list: string | undefined): string[] {
  const { names } = parsed(`{"names": ${list ?? "[]"}}`);
  return listAt({ names }, "names").map(String);
}
