import { type ClusterConfig, hasBucket } from "../../components/cluster/kinds.ts";
import { ask, renameEntry, setSecret } from "../fixes.ts";
import type { Rule } from "../rule.ts";
import { serviceNamespace } from "./schema.ts";
import type { StackConfig } from "../sections.ts";
import { storageClientNames } from "../storage-clients.ts";

type Stack = StackConfig<ClusterConfig>;

/** Neither MinIO, nor a bucket of the cluster's cloud, nor an S3 of the site. */
const hasNoStore = ({ cluster, minio, s3 }: Stack) => !minio.enabled && !hasBucket(cluster) && s3 === undefined;

const withoutStore =
  "since minio.enabled is false and the cluster has no bucket of its own (docs/site.md); or set minio.enabled to true";

/** Clients without keys of their own. */
function keylessClients(config: Stack): string[] {
  return storageClientNames(config).filter((name) => config.secrets.s3?.clients[name] === undefined);
}

/** Rules for where the platform keeps its objects. */
export const objectStoreRules: Rule<ClusterConfig>[] = [
  {
    key: "s3.endpoint",
    broken: hasNoStore,
    found: "nothing",
    allowed: `the URL of your S3, ${withoutStore}`,
    fix: ask,
  },
  {
    key: "s3.bucket",
    broken: hasNoStore,
    found: "nothing",
    allowed: `a bucket of your S3, ${withoutStore}`,
    fix: ask,
  },
  {
    key: "s3.endpoint",
    broken: ({ s3 }) =>
      s3?.endpoint.startsWith("http://") === true && !s3.allowPlaintext && serviceNamespace(s3) === undefined,
    allowed:
      "an https:// URL, since the network can read backups, logs and artifacts on their way; to accept that, set s3.allowPlaintext to true",
    fix: ask,
  },
  ...(["accessKey", "secretKey"] as const).map((name): Rule<ClusterConfig> => ({
    key: `secrets.s3.${name}`,
    broken: (config) =>
      (config.s3 !== undefined || hasNoStore(config)) &&
      config.secrets.s3?.[name] === undefined &&
      keylessClients(config).length > 0,
    allowed: (config) =>
      `a value, or keys in secrets.s3.clients for each of ${keylessClients(config).join(", ")}, which use your S3`,
    fix: setSecret,
  })),
  {
    key: "minio.enabled",
    broken: ({ minio, s3 }) => minio.enabled && s3 !== undefined,
    found: "true",
    allowed: "false, since s3 takes MinIO's place",
    fix: false,
  },
  {
    key: "mlflow.artifactStore",
    broken: ({ mlflow, s3 }) => mlflow.artifactStore !== undefined && s3 !== undefined,
    allowed: "no value, since s3 stores the artifacts",
  },
  {
    key: "mlflow.artifactStore",
    broken: ({ minio, mlflow, s3 }) => mlflow.artifactStore === "minio" && !minio.enabled && s3 === undefined,
    allowed: "cloud while minio.enabled is false",
    fix: "cloud",
  },
  {
    key: "mlflow.artifactStore",
    broken: ({ cluster, mlflow, s3 }) => mlflow.artifactStore === "cloud" && !hasBucket(cluster) && s3 === undefined,
    allowed: "minio, since the cluster has no bucket of its own",
    fix: "minio",
  },
];

/** Rules for keys of single clients: each belongs to a client of the stack. */
export function clientKeyRules({ secrets }: Stack): Rule<ClusterConfig>[] {
  return Object.keys(secrets.s3?.clients ?? {}).map((name) => {
    const key = ["secrets", "s3", "clients", name];
    return {
      key,
      broken: (config) => !clientsOf(config).includes(name),
      found: "keys of a client that the platform does not have",
      allowed: (config) => clientsOf(config).join(", "),
      fix: (_, config) => renameEntry(key, clientsOf(config), config),
    };
  });
}

const clientsOf = ({ projects }: Stack) => ["airflow", "backup", "mlflow", ...projects.map(({ name }) => name)];
