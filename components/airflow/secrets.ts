import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { generatedPassword } from "../objects/generated-password.ts";
import type { Config, Secrets } from "../../config.ts";
import type { StorageAccess } from "../cluster/cluster.ts";
import type { DatabaseConnection } from "../postgres/databases.ts";
import { labels } from "../objects/labels.ts";
import { databaseUrls } from "./database-urls.ts";
import { usesCelery } from "./executor.ts";
import { gitSecrets } from "./git-credentials.ts";
import { release, secrets as names } from "./names.ts";

/** Generations of what Airflow keeps secret; see the configuration's `rotation`. */
type AirflowRotation = Pick<Config["rotation"], "admin" | "fernet" | "fernetRetired" | "sessions">;

export interface AirflowSecretsArgs {
  namespace: string;
  config: Pick<Config["airflow"], "executor" | "dags">;
  database: DatabaseConnection;
  /** Undefined: logs are on a volume. */
  logs: StorageAccess | undefined;
  /** Values from the stack's secrets. */
  secrets: Secrets;
  rotation: AirflowRotation;
}

/**
 * Everything that Airflow keeps secret, made once and put into Secrets that the chart is given by name.
 *
 * The Fernet keys of earlier generations stay readable until they are retired, so that a new generation loses no stored
 * connection.
 */
export class AirflowSecrets extends pulumi.ComponentResource {
  /** Password of the web UI's admin. */
  readonly adminPassword: pulumi.Output<string>;

  constructor(name: string, args: AirflowSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:secrets:AirflowSecrets", name, {}, opts);
    const { namespace, rotation, logs } = args;
    const child = { parent: this };
    const password = (role: string, of: keyof AirflowRotation, length = 32) =>
      generatedPassword(`${release}-${role}`, { generation: rotation[of], length }, child).password;
    const fernetKey = (n: number): pulumi.Output<string> => {
      const made = new random.RandomBytes(`${release}-fernet-key-${n}`, { length: 32 }, child);
      return pulumi.secret(made.base64).apply(urlSafe);
    };
    this.adminPassword = password("admin", "admin");
    const urls = pulumi.secret(pulumi.output({ ...args.database, caCertificate: undefined })).apply(databaseUrls);
    const contents: Record<string, Record<string, pulumi.Input<string>>> = {
      [names.keys]: {
        "fernet-key": pulumi.all(readableGenerations(rotation).map(fernetKey)).apply((keys) => keys.join(",")),
        "api-secret-key": password("api-secret-key", "sessions"),
        // As long as the chart's own.
        "jwt-secret": password("jwt", "sessions", 128),
      },
      [names.metadata]: { connection: urls.metadata, "connection-async": urls.metadataAsync },
      [names.admin]: { password: this.adminPassword },
      ...(usesCelery(args.config.executor) ? celerySecrets(urls.resultBackend, password("redis", "sessions")) : {}),
      ...gitSecrets(args.config.dags, args.secrets),
      ...(hasSecrets(logs) ? { [names.logStorage]: logs.secretEnvironment } : {}),
      ...siteSecrets(args.secrets.airflow),
    };
    for (const [secret, stringData] of Object.entries(contents)) {
      const metadata = { name: secret, namespace, labels: labels(release, "secrets") };
      new k8s.core.v1.Secret(secret, { metadata, stringData }, child);
    }
    this.registerOutputs({ adminPassword: this.adminPassword });
  }
}

/** The newest first: Airflow encrypts with it. */
function readableGenerations({ fernet, fernetRetired }: AirflowRotation): number[] {
  return Array.from({ length: fernet - fernetRetired }, (_, older) => fernet - older);
}

/** Whether an object store is reached with credentials and not with an identity. */
export function hasSecrets(logs: StorageAccess | undefined): logs is StorageAccess {
  return logs !== undefined && Object.keys(logs.secretEnvironment).length > 0;
}

/** What the site gives, where it gives anything. */
function siteSecrets({
  environment,
  connections,
}: Secrets["airflow"]): Record<string, Record<string, pulumi.Output<string>>> {
  const contents = { [names.environment]: environment, [names.connections]: connections };
  return Object.fromEntries(Object.entries(contents).filter(([, variables]) => Object.keys(variables).length > 0));
}

function celerySecrets(resultBackend: pulumi.Output<string>, password: pulumi.Output<string>) {
  return {
    [names.resultBackend]: { connection: resultBackend },
    [names.redis]: { password },
    [names.broker]: { connection: pulumi.interpolate`redis://:${password}@${release}-redis:6379/0` },
  };
}

/** Fernet keys use the alphabet of URLs. */
function urlSafe(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_");
}
