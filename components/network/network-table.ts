import type { Config } from "../../config.ts";
import type { NetworkEndpoint, PostgresServer } from "../cluster/cluster.ts";
import { isExposed, webInterfaces } from "../web/web-interface.ts";
import type { WebInterfaceName } from "../web/web-services.ts";

/** A group of pods that the table speaks of. */
export type Peer = keyof typeof peers;

interface PeerSelector {
  /** Where its pods are. */
  in: "platform" | "projects";
  /** Labels of its pods; all pods of the namespace where empty. */
  labels: Record<string, string>;
}

const named = (name: string): PeerSelector => ({ in: "platform", labels: { "app.kubernetes.io/name": name } });
const airflow = (component: string): PeerSelector => ({ in: "platform", labels: { release: "airflow", component } });

/** Every group of pods on the platform. */
export const peers = {
  airflowApiServer: airflow("api-server"),
  airflowScheduler: airflow("scheduler"),
  airflowDagProcessor: airflow("dag-processor"),
  airflowTriggerer: airflow("triggerer"),
  airflowWorker: airflow("worker"),
  airflowMigration: airflow("run-airflow-migrations"),
  airflowCreateUser: airflow("create-user-job"),
  airflowRedis: airflow("redis"),
  airflowStatsd: airflow("statsd"),
  backup: named("backup"),
  databases: named("databases"),
  postgres: named("postgres"),
  postgresExporter: named("postgres-exporter"),
  minio: named("minio"),
  minioProvision: named("minio-provision"),
  mlflow: named("mlflow"),
  mlflowProvision: named("mlflow-provision"),
  mlflowSetup: named("mlflow-setup"),
  prometheus: named("prometheus"),
  alertmanager: named("alertmanager"),
  kubeStateMetrics: named("kube-state-metrics"),
  grafana: named("grafana"),
  tasks: { in: "projects", labels: {} },
} as const satisfies Record<string, PeerSelector>;

/** A group's name as Kubernetes takes it, e.g. `airflow-api-server`. */
export function kebabCase(peer: Peer): string {
  return peer.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** One allowed direction between two groups of pods. */
export interface Flow {
  from: Peer;
  to: Peer;
  ports: number[];
  /** @default TCP */
  protocol?: "UDP";
}

/** What a group of pods may reach outside the cluster's pods. */
export interface OutboundFlow {
  from: Peer;
  /** Undefined: nodes, which no range stands for in every network plugin. */
  cidr: string | undefined;
  ports: number[];
}

export interface NetworkTable {
  flows: Flow[];
  outbound: OutboundFlow[];
  /** Web UIs that are reached from outside the cluster's pods, with their port. */
  inbound: { to: Peer; port: number }[];
}

const airflowCore: Peer[] = [
  "airflowApiServer",
  "airflowScheduler",
  "airflowDagProcessor",
  "airflowTriggerer",
  "airflowWorker",
];
const airflowJobs: Peer[] = ["airflowMigration", "airflowCreateUser"];
const postgresClients: Peer[] = [
  ...airflowCore,
  ...airflowJobs,
  "backup",
  "databases",
  "postgresExporter",
  "mlflow",
  "mlflowSetup",
  "tasks",
];
const anywhere = "0.0.0.0/0";
/** Ports of API servers: the Service's, kubeadm's and minikube's. NetworkPolicies see the address behind the Service. */
const apiServerPorts = [443, 6443, 8443];

const flows: Flow[] = [
  ...postgresClients.map((from): Flow => ({ from, to: "postgres", ports: [5432] })),
  ...airflowCore
    .filter((peer) => peer !== "airflowApiServer")
    .map((from): Flow => ({ from, to: "airflowApiServer", ports: [8080] })),
  ...airflowCore.map((from): Flow => ({ from, to: "airflowStatsd", ports: [9125], protocol: "UDP" })),
  ...(["airflowScheduler", "airflowWorker", "airflowApiServer"] as const).map((from): Flow => ({
    from,
    to: "airflowRedis",
    ports: [6379],
  })),
  // Logs of a running task are read from where it runs.
  { from: "airflowApiServer", to: "airflowWorker", ports: [8793] },
  { from: "airflowApiServer", to: "airflowScheduler", ports: [8793] },
  { from: "airflowApiServer", to: "airflowTriggerer", ports: [8794] },
  ...([...airflowCore, "backup", "mlflow", "minioProvision", "tasks"] as const).map((from): Flow => ({
    from,
    to: "minio",
    ports: [9000],
  })),
  { from: "mlflowProvision", to: "mlflow", ports: [5000] },
  { from: "tasks", to: "mlflow", ports: [5000] },
  // It reads its own metrics by the name of its Service.
  { from: "prometheus", to: "prometheus", ports: [9090] },
  { from: "prometheus", to: "alertmanager", ports: [9093] },
  { from: "prometheus", to: "airflowStatsd", ports: [9102] },
  { from: "prometheus", to: "grafana", ports: [3000] },
  { from: "prometheus", to: "kubeStateMetrics", ports: [8080, 8081] },
  { from: "prometheus", to: "minio", ports: [9000] },
  { from: "prometheus", to: "mlflow", ports: [5000] },
  { from: "prometheus", to: "postgresExporter", ports: [9187] },
  { from: "grafana", to: "prometheus", ports: [9090] },
];

/**
 * Who talks to whom: the one table that every NetworkPolicy is made from.
 *
 * @param identityEndpoints where pods of the cluster get their cloud identity
 * @param postgres where the server is, when it is outside the cluster
 */
export function networkTable(
  config: Config,
  identityEndpoints: readonly NetworkEndpoint[],
  postgres: Pick<PostgresServer, "cidr" | "port">,
): NetworkTable {
  return {
    flows: flows.filter(({ from, to }) => exists(from, config) && exists(to, config)),
    outbound: outbound(config, identityEndpoints, postgres).filter(({ from }) => exists(from, config)),
    inbound: inbound(config),
  };
}

/** Whether a stack has such pods. */
function exists(peer: Peer, { airflow: { executor }, backup, minio, postgres, projects }: Config): boolean {
  switch (peer) {
    case "airflowRedis":
      return executor.includes("CeleryExecutor");
    case "backup":
      return backup.enabled;
    case "minio":
    case "minioProvision":
      return minio.enabled;
    case "postgres":
      return postgres.kind === "cluster";
    case "tasks":
      return projects.length > 0;
    default:
      return true;
  }
}

function outbound(
  { airflow: { dags, executor } }: Config,
  identityEndpoints: readonly NetworkEndpoint[],
  postgres: Pick<PostgresServer, "cidr" | "port">,
): OutboundFlow[] {
  const { cidr } = postgres;
  // Whoever starts or watches pods or reads their logs; the triggerer does for deferred tasks.
  const launchers: Peer[] = ["airflowApiServer", "airflowScheduler", "airflowWorker", "airflowTriggerer"];
  const gitReaders: Peer[] =
    dags.kind !== "git"
      ? []
      : executor === "LocalExecutor"
        ? ["airflowDagProcessor", "airflowScheduler", "airflowTriggerer"]
        : ["airflowDagProcessor", "airflowWorker", "airflowScheduler", "airflowTriggerer"];
  const identified: Peer[] =
    identityEndpoints.length === 0
      ? []
      : ["airflowApiServer", "airflowScheduler", "airflowTriggerer", "airflowWorker", "backup", "mlflow", "tasks"];
  return [
    ...[...launchers, "prometheus" as const, "kubeStateMetrics" as const].map((from) => ({
      from,
      cidr: anywhere,
      ports: apiServerPorts,
    })),
    { from: "prometheus", cidr: undefined, ports: [10250] },
    // The webhook of the alerts.
    { from: "alertmanager", cidr: anywhere, ports: [443] },
    ...gitReaders.map((from) => ({ from, cidr: anywhere, ports: [22, 443] })),
    ...(cidr === undefined ? [] : postgresClients.map((from) => ({ from, cidr, ports: [postgres.port] }))),
    ...identified.flatMap((from) => [
      ...identityEndpoints.map((endpoint) => ({ from, ...endpoint })),
      { from, cidr: anywhere, ports: [443] },
    ]),
  ];
}

const uiPeers: Record<WebInterfaceName, Peer> = {
  airflow: "airflowApiServer",
  grafana: "grafana",
  minio: "minio",
  mlflow: "mlflow",
  prometheus: "prometheus",
};

function inbound(config: Config): NetworkTable["inbound"] {
  const shown = (Object.keys(webInterfaces) as WebInterfaceName[]).filter(
    (name) => isExposed(config.exposure, name) && (name !== "minio" || config.minio.enabled),
  );
  return shown.map((name) => ({ to: uiPeers[name], port: webInterfaces[name].port }));
}
