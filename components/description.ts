/**
 * What a part of the platform says about itself, once.
 *
 * Descriptions are plain data beside the components: they load no Pulumi, so that the configuration's schema, the preview, the
 * policies and the operators' commands read them too. From them, and from nothing else, come the network table, Prometheus'
 * scrapes, the names, ports and logins of the web UIs, exceptions from policies, the diagram, and the reference pages.
 */
export interface PartDescription {
  picture: Picture;
  /** Its groups of pods, by the name of their NetworkPolicy, and of the Service and the workload where they have one. */
  pods: Record<string, PodGroup>;
  /** @default - it has no web UI for people */
  ui?: WebUi;
  /** Its Secrets, for docs/secrets.md. @default - none */
  secrets?: readonly SecretDescription[];
  /** Volumes whose data is to be kept, by the name of their claim. @default - none */
  volumes?: Record<string, DataVolume>;
}

/** Secrets that have the same readers, in Markdown. */
export interface SecretDescription {
  names: readonly string[];
  holds: string;
  readBy: string;
  /** Keys of the configuration that renew it. */
  renewedWith: string;
}

/** A volume with data; it is protected, and a change that would delete it is refused unless `allowDataLoss` has its name. */
export interface DataVolume {
  /** The configuration's key that takes the volume away, and the value with which it is there. */
  key: string;
  value: string;
  /** @default - every stack has it */
  isDeployed?: (stack: StackShape) => boolean;
  /** The key of its storage class, and the class that a stack asks for there. @default - the cluster's */
  storageClass?: { key: string; of: (stack: StackShape) => string | undefined };
}

/** Where the diagram of the platform has it, in pixels of its canvas. */
interface Picture {
  title: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface PodGroup {
  /** Labels of its pods; all pods of the namespace where empty. */
  labels: Record<string, string>;
  /** Their label in the diagram. */
  diagramLabel: string;
  /** Where they are. @default "platform" */
  namespace?: "platform" | "projects";
  /** Of each pod's main container. @default - its maker's: the chart's values, the Job of the project */
  resources?: { requests: { cpu: string; memory: string }; limits: { cpu: string; memory: string } };
  /** What others may connect to, by name. @default - nothing */
  ports?: Record<string, number>;
  /** The ports that take UDP. @default - none: TCP */
  udpPorts?: readonly number[];
  /** What each port answers to a client without a login, in Markdown. */
  withoutLogin?: Record<string, string>;
  /** Whether a stack has these pods. @default - every stack */
  isDeployed?: (stack: StackShape) => boolean;
  /** Pods that they connect to, in the order of their policy's rules. @default - none */
  reaches?: readonly Target[];
  /** What they connect to outside the cluster's pods; clients of Postgres also to a server outside. @default - nothing */
  outside?: (stack: StackShape) => readonly Outside[];
  /** Whether they connect to every port that a description names under `metrics`. @default false */
  collectsMetrics?: true;
  /** Metrics that Prometheus collects. @default - none */
  metrics?: readonly Metrics[];
  /** Why there is one pod of them; the policies refuse a single replica without a reason. @default - there are several, or it is a Job */
  singleReplica?: { kind: "Deployment" | "StatefulSet"; reason: string };
}

/** Ports of a group of pods, which that group's own description exports. */
export interface Target {
  group: string;
  ports: readonly number[];
}

/**
 * `kubernetesApi`: the API server. `kubelets`: metrics of the nodes. `https`: port 443 anywhere. `git`: the repository of DAGs.
 * `identity`: the cloud's identity and services, where the cluster has one. `airflowEgress`: what `airflow.egress` names.
 */
export type Outside = "airflowEgress" | "git" | "https" | "identity" | "kubelets" | "kubernetesApi";

export interface Metrics {
  /** Label `job` of the series, which dashboards and alerts name. */
  job: string;
  port: number;
  /** @default /metrics */
  path?: string;
  /**
   * `administrator`: the part's own; `prometheus`: the one that Prometheus and Grafana share; `token`: one that reads metrics
   * alone. @default - it asks for none
   */
  login?: "administrator" | "prometheus" | "token";
}

/** A web UI of the platform; its name in configuration, hosts and outputs is its part's. */
export interface WebUi {
  title: string;
  /** The stack's output with its URL. */
  output: string;
  /** The pods that serve it; their Service has the same name. */
  pods: string;
  port: number;
  /** Where it answers 200 without a login, for a load balancer's health check. @default - nowhere, so that no Ingress leads to it */
  healthPath?: string;
  /** @default of `exposure.ports` */
  nodePort: number;
  /** The Secret with the administrator's password. */
  administrator: { secret: string; passwordKey: string; userKey?: string };
  /** A request that takes the administrator's password and no other. */
  login: { kind: "basic"; path: string } | { kind: "json"; path: string; userField: string; passwordField: string };
}

/** The parts of a stack's configuration that determine its pods; every configuration has them. */
export interface StackShape {
  airflow: { executor: string; dags: { kind: string }; logs: { kind: string; storageClass?: string | undefined } };
  backup: { enabled: boolean };
  minio: { enabled: boolean };
  monitoring: { kind: string };
  postgres: { kind: string; databases?: Record<string, unknown> | undefined };
  projects: readonly unknown[];
}

/** Labels of the pods of one of the program's own components. */
export const named = (name: string) => ({ "app.kubernetes.io/name": name });

/** Whether a stack has Prometheus and Grafana of its own. */
export const hasBundledMonitoring = ({ monitoring }: Pick<StackShape, "monitoring">) => monitoring.kind === "bundled";

/** Whether a Prometheus, the stack's own or the site's, collects its metrics. */
export const isMonitored = ({ monitoring }: StackShape) => monitoring.kind !== "none";

/** The answer of most ports without a login. */
export const loginPage = "health and the login page; everything else requires a password or a signature";
export const nothing = "nothing";
export const plainMetrics =
  "metrics: numbers and the names of DAGs, databases, pods and Jobs, but no rows, files or secrets";
