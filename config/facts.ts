/** A part of a configuration that may be wrong in any way. */
export type Loose = Record<string, unknown>;

/** The parts of a raw configuration that rules look at; anything but an object counts as an empty one. */
export interface Facts {
  config: Loose;
  cluster: Loose;
  kind: string;
  /** Whether the cluster has object storage reached by identity. */
  hasBucket: boolean;
  airflow: Loose;
  executor: string;
  dags: Loose;
  exposure: Loose;
  postgres: Loose;
  minio: Loose;
  mlflow: Loose;
  namespace: unknown;
  projectNamespacePrefix: string;
  layers: unknown[];
  clusterStack: unknown;
  projects: unknown[];
  secrets: Loose;
  git: Loose;
}

export function factsOf(config: Loose): Facts {
  const cluster = object(config.cluster);
  const airflow = object(config.airflow);
  const secrets = object(config.secrets);
  return {
    config,
    cluster,
    kind: text(cluster.kind),
    hasBucket: isCloud(cluster) || cluster.identity !== undefined,
    airflow,
    executor: text(airflow.executor ?? "KubernetesExecutor"),
    dags: object(airflow.dags),
    exposure: object(config.exposure),
    postgres: object(config.postgres),
    minio: object(config.minio),
    mlflow: object(config.mlflow),
    namespace: config.namespace ?? "mlops",
    projectNamespacePrefix: text(config.projectNamespacePrefix),
    layers: list(config.layers ?? ["cluster", "platform"]),
    clusterStack: config.clusterStack ?? "",
    projects: list(config.projects),
    secrets,
    git: object(secrets.git),
  };
}

/** Whether the program makes the cluster itself. */
export function isCloud({ kind }: { kind?: unknown }): boolean {
  return kind === "gke" || kind === "eks";
}

/** Prefix, in bits, of the widest range that may still be one owner's. */
export const widestPrefix = 8;

/** Whether a CIDR is everyone, or so many that two of them could be. */
export function isPublic(cidr: unknown): boolean {
  const [, prefix] = /\/(\d+)$/.exec(text(cidr)) ?? [];
  return prefix !== undefined && Number(prefix) < widestPrefix;
}

export function object(value: unknown): Loose {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Loose) : {};
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text as it is; of anything else the schema complains. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
