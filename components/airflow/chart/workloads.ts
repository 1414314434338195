import { at, textAt } from "../../../lib/json.ts";

export type Values = Readonly<Record<string, unknown>>;

/** Pods of the chart, as its templates have them. */
export interface ChartPods {
  /** Path of their values. */
  path: string;
  /** Name of what makes them, behind the release's. */
  name: string;
  /** Their label `component`. @default - the name */
  component?: string;
  /** Name of the main container. @default - the name */
  container?: string;
  /** Key of the image below `images`. @default "airflow" */
  image?: string;
  /** Whether the executor asks for them. @default - always */
  isDeployed?: (values: Values) => boolean;
  /** Whether a sidecar deletes old logs. @default - no */
  hasGroomer?: (values: Values) => boolean;
  /** Whether they fetch DAGs from a repository themselves. @default - no */
  readsDags?: (values: Values) => boolean;
}

/** An object of the chart that makes pods. */
export interface Workload extends ChartPods {
  kind: "Deployment" | "StatefulSet" | "Job" | "CronJob";
  /** Whether it exists only where its values have `enabled: true`. @default false */
  isOptional?: true;
  /** Path of the settings of the volume that the chart makes for each replica. @default - none */
  persistence?: (values: Values) => string | undefined;
}

const executorIncludes = (name: string) => (values: Values) => (textAt(values, "executor") ?? "").includes(name);
const isCelery = executorIncludes("CeleryExecutor");
const isKubernetes = executorIncludes("KubernetesExecutor");
const isLocal = executorIncludes("LocalExecutor");

const usesGitSync = (values: Values) =>
  at(values, "dags.gitSync.enabled") === true && at(values, "dags.persistence.enabled") !== true;

const workerVolume = "workers.celery.persistence";
const always = () => true;

/**
 * Everything in the chart that makes pods while Airflow runs or is deployed.
 *
 * Not pgbouncer, which a site cannot switch on, and not the OpenTelemetry collector, whose image and requests only the
 * chart knows.
 */
export const workloads: readonly Workload[] = [
  { path: "apiServer", kind: "Deployment", name: "api-server" },
  {
    path: "scheduler",
    kind: "Deployment",
    name: "scheduler",
    hasGroomer: always,
    readsDags: (values) => usesGitSync(values) && isLocal(values),
    persistence: (values) => (isLocal(values) ? workerVolume : undefined),
  },
  { path: "dagProcessor", kind: "Deployment", name: "dag-processor", hasGroomer: always, readsDags: usesGitSync },
  {
    path: "triggerer",
    kind: "Deployment",
    name: "triggerer",
    hasGroomer: always,
    readsDags: usesGitSync,
    persistence: () => "triggerer.persistence",
  },
  {
    path: "workers.celery",
    kind: "Deployment",
    name: "worker",
    isDeployed: isCelery,
    hasGroomer: (values) => at(values, `${workerVolume}.enabled`) === true,
    readsDags: usesGitSync,
    persistence: () => workerVolume,
  },
  { path: "flower", kind: "Deployment", name: "flower", image: "flower", isDeployed: isCelery, isOptional: true },
  { path: "statsd", kind: "Deployment", name: "statsd", image: "statsd" },
  { path: "redis", kind: "StatefulSet", name: "redis", image: "redis", isDeployed: isCelery, isOptional: true },
  { path: "migrateDatabaseJob", kind: "Job", name: "run-airflow-migrations" },
  { path: "createUserJob", kind: "Job", name: "create-user", component: "create-user-job" },
  {
    path: "cleanup",
    kind: "CronJob",
    name: "cleanup",
    component: "airflow-cleanup-pods",
    container: "airflow-cleanup-pods",
    isDeployed: isKubernetes,
    isOptional: true,
  },
  { path: "databaseCleanup", kind: "CronJob", name: "database-cleanup", isOptional: true },
];

/** The pods that Airflow makes for tasks. */
export const workerPods: ChartPods = {
  path: "workers.kubernetes",
  name: "worker",
  container: "base",
  image: "pod_template",
  isDeployed: isKubernetes,
  readsDags: usesGitSync,
};
