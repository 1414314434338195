import type * as k8s from "@pulumi/kubernetes";

/** A variable with a plain value or with a Secret's; the chart's `env` lists take no more than these two. */
export type EnvVar =
  { name: string; value: string } | { name: string; valueFrom: { secretKeyRef: { name: string; key: string } } };

/** CPU and memory of a container, as Kubernetes quantities. */
export type Resources = Record<"requests" | "limits", { cpu: string; memory: string }>;

export interface ImageValues {
  repository: string;
  tag: string;
}
export interface SecurityContexts {
  pod: k8s.types.input.core.v1.PodSecurityContext;
  container: k8s.types.input.core.v1.SecurityContext;
}
export interface ServiceAccountValues {
  create: false;
  name: string;
}
export type Volume = k8s.types.input.core.v1.Volume;
export type VolumeMount = k8s.types.input.core.v1.VolumeMount;
export type SpreadConstraint = k8s.types.input.core.v1.TopologySpreadConstraint;

export interface ProbeValues {
  initialDelaySeconds: number;
  timeoutSeconds: number;
  failureThreshold: number;
  periodSeconds: number;
  /** @default - the chart's own */
  command?: string[];
}

export interface LogGroomerValues {
  command: string[];
  args: string[];
  resources: Resources;
}

interface DisruptionBudgetValues {
  enabled: boolean;
  config: { maxUnavailable: number };
}

/** What every long-running component of Airflow is given. */
export interface ComponentValues {
  annotations: Record<string, string>;
  /** Of its pods. @default - the chart's own, none */
  podAnnotations?: Record<string, string>;
  replicas: number;
  serviceAccount: ServiceAccountValues;
  resources: Resources;
  env: EnvVar[];
  waitForMigrations: { enabled: false };
  podDisruptionBudget: DisruptionBudgetValues;
  topologySpreadConstraints: SpreadConstraint[];
  livenessProbe: ProbeValues;
  extraVolumes: Volume[];
  extraVolumeMounts: VolumeMount[];
}

interface JobValues {
  useHelmHooks: false;
  /** Null takes the chart's default of 300 away: a Job that vanishes would be made, and so run, again. */
  ttlSecondsAfterFinished: null;
  jobAnnotations: Record<string, string>;
  serviceAccount: ServiceAccountValues;
  resources: Resources;
  env: EnvVar[];
}

export interface DagBundle {
  name: string;
  classpath: string;
  kwargs: Record<string, string | number>;
}

export interface GitSyncValues {
  enabled: true;
  repo: string;
  /** What git-sync 3 reads and what git-sync 4 prefers where it is set; the chart's default is another project's. */
  branch: string;
  ref: string;
  depth: number;
  maxFailures: number;
  subPath: string;
  period: string;
  credentialsSecret?: string;
  env: EnvVar[];
  extraVolumeMounts: VolumeMount[];
  securityContexts: { container: SecurityContexts["container"] };
  resources: Resources;
  startupProbe: { enabled: true } & Omit<ProbeValues, "initialDelaySeconds">;
  recommendedProbeSetting: true;
  livenessProbe: { enabled: true } & ProbeValues;
}

type CeleryValues = Omit<ComponentValues, "livenessProbe"> & {
  livenessProbe: { enabled: true } & ProbeValues;
  persistence: { enabled: false };
};

interface KubernetesWorkerValues {
  serviceAccount: ServiceAccountValues;
  resources: Resources;
  env: EnvVar[];
  extraVolumes: Volume[];
  extraVolumeMounts: VolumeMount[];
}

/**
 * The values of the official Airflow chart that the platform sets.
 *
 * Source: https://airflow.apache.org/docs/helm-chart/1.22.0/parameters-ref.html
 */
export interface ChartValues {
  airflowVersion: string;
  defaultAirflowRepository: string;
  defaultAirflowTag: string;
  images: {
    airflow: ImageValues;
    pod_template: ImageValues;
    statsd: ImageValues;
    redis: ImageValues;
    gitSync: ImageValues;
  };
  executor: string;
  labels: Record<string, string>;
  airflowPodAnnotations: Record<string, string>;
  enableServiceLinks: false;
  rbac: { create: false };
  networkPolicies: { enabled: false };
  securityContexts: { pod: SecurityContexts["pod"]; containers: SecurityContexts["container"] };
  enableBuiltInSecretEnvVars: Record<string, boolean>;
  fernetKeySecretName: string;
  apiSecretKeySecretName: string;
  jwtSecretName: string;
  data: { metadataSecretName: string; brokerUrlSecretName: string; resultBackendSecretName: string };
  /** Of every container of Airflow. @default - the chart's own, none */
  env?: { name: string; value: string }[];
  extraEnvFrom: string;
  volumes: Volume[];
  volumeMounts: VolumeMount[];
  config: Record<string, Record<string, string>>;
  workers: { celery: CeleryValues; kubernetes: KubernetesWorkerValues };
  scheduler: ComponentValues & { startupProbe: ProbeValues; logGroomerSidecar: LogGroomerValues };
  apiServer: ComponentValues & {
    startupProbe: ProbeValues;
    readinessProbe: ProbeValues;
    args: string[];
    service: { annotations: Record<string, string> };
  };
  triggerer: ComponentValues & { persistence: { enabled: false }; logGroomerSidecar: LogGroomerValues };
  dagProcessor: ComponentValues & { dagBundleConfigList: DagBundle[]; logGroomerSidecar: LogGroomerValues };
  migrateDatabaseJob: JobValues;
  createUserJob: JobValues & { command: string[]; args: string[] };
  statsd: {
    enabled: boolean;
    service: { extraAnnotations: Record<string, string> };
    serviceAccount: ServiceAccountValues;
    resources: Resources;
    securityContexts: SecurityContexts;
  };
  redis: {
    enabled: boolean;
    podAnnotations: Record<string, string>;
    terminationGracePeriodSeconds: number;
    passwordSecretName: string;
    persistence: { enabled: true; existingClaim: string };
    serviceAccount: ServiceAccountValues;
    resources: Resources;
    securityContexts: SecurityContexts;
  };
  dags: { gitSync: GitSyncValues | { enabled: false } };
  logs: { persistence: { enabled: true; existingClaim: string } | { enabled: false } };
  postgresql: { enabled: false };
  flower: { enabled: false };
}
