import type { PodRequests } from "../../lib/kubernetes/pod-requests.ts";
import { publicImages } from "../images.ts";
import { labels } from "../objects/labels.ts";
import { noFit, type PodFit } from "../site/pod-fit.ts";
import { skipAwait } from "../objects/rollout.ts";
import type { ChartValues, ImageValues } from "./chart-values.ts";
import { type DagSource, dagSourceValues } from "./dag-source.ts";
import { builtInSecretVariables, processEnvironment } from "./environment.ts";
import { type Executor, executorValues, usesCelery } from "./executor.ts";
import { jobValues } from "./jobs.ts";
import { localLogRetentionDays, loggingValues, type LogStore } from "./logging.ts";
import { airflowHome, configMaps, postgresCaFile, release, secrets, serviceAccounts } from "./names.ts";
import { processValues, schedulerHealth } from "./processes.ts";
import { resourcesFor } from "./resources.ts";
import { configFile } from "./site/config-file.ts";
import { type SiteSettings, siteValues } from "./site/site.ts";
import { fitValues } from "./fit-values.ts";
import { airflowContainer, airflowPod, foreignContexts, serviceAccount } from "./security.ts";

/** Inputs of the chart's values: plain data, so that a preview always knows them. */
export interface AirflowOptions {
  namespace: string;
  executor: Executor;
  dags: DagSource;
  /** Claim of the folder on the node. @default - none: `dags.kind` is not hostPath */
  dagsClaim?: string;
  logs: LogStore;
  celeryWorkers: number;
  highAvailability: boolean;
  /** Reference of Airflow's image, `repository:tag` or `repository@digest`. */
  image: string;
  /** Images beside Airflow's own. */
  images: Record<"airflow" | "statsd" | "redis" | "gitSync", ImageValues>;
  adminEmail: string;
  /** URL of the web UI. @default - unknown to Airflow */
  baseUrl?: string;
  /** Labels of every object of the chart beside the platform's. @default {} */
  labels?: Record<string, string>;
  /** Generation of the admin's password; another one sets it. */
  adminGeneration: number;
  /** Annotations of every pod; a change restarts them. */
  podAnnotations: Record<string, string>;
  /** Whether anything collects its metrics. */
  hasMetrics: boolean;
  /** What the site sets itself. */
  site: SiteSettings;
  /** What the site wants of every pod. @default - nothing */
  fit?: PodFit;
  /** What the cluster asks of each pod's requests. @default - nothing */
  podRequests?: PodRequests | undefined;
}

/** Values of the official Airflow chart: static, and secrets by name alone. */
export function chartValues(options: AirflowOptions): ChartValues {
  const { namespace, executor, highAvailability, images, podAnnotations } = options;
  const image = imageValues(options.image);
  const dagSource = dagSourceValues(options.dags, options.dagsClaim);
  const logging = loggingValues(options.logs);
  const site = siteValues(options.site);
  const jobEnvironment = processEnvironment(usesCelery(executor));
  const environment = [...jobEnvironment, ...site.processEnvironment];
  const resources = resourcesFor(options.site.resources, options.podRequests);
  const shared = {
    ...{ namespace, highAvailability, environment, dagSource, resources },
    sitePodAnnotations: site.podAnnotations,
  };
  const { config, ...executorPart } = executorValues({ ...shared, ...options, dagSource, podAnnotations });
  const values: ChartValues = {
    airflowVersion: publicImages.airflow.tag,
    defaultAirflowRepository: images.airflow.repository,
    defaultAirflowTag: images.airflow.tag,
    images: { ...images, airflow: image, pod_template: image },
    labels: { ...options.labels, ...labels(release) },
    airflowPodAnnotations: podAnnotations,
    enableServiceLinks: false,
    // The chart's own roles let tasks make pods beside the platform's secrets.
    rbac: { create: false },
    networkPolicies: { enabled: false },
    securityContexts: { pod: airflowPod, containers: airflowContainer },
    enableBuiltInSecretEnvVars: builtInSecretVariables,
    fernetKeySecretName: secrets.keys,
    apiSecretKeySecretName: secrets.keys,
    jwtSecretName: secrets.keys,
    ...site.env,
    extraEnvFrom: environmentFrom(logging.environmentConfigMaps, [
      ...logging.environmentSecrets,
      ...dagSource.environmentSecrets,
      ...site.environmentSecrets,
    ]),
    volumes: [...commonVolumes, ...dagSource.volumes],
    volumeMounts: [...commonMounts, ...dagSource.volumeMounts],
    ...executorPart,
    ...processValues({
      ...shared,
      replicas: options.site.replicas,
      hasLocalTasks: executor === "LocalExecutor",
      isBehindTlsProxy: options.baseUrl?.startsWith("https://") ?? false,
      localLogRetentionDays: localLogRetentionDays(options.logs.kind),
    }),
    ...jobValues({ ...options, environment: jobEnvironment }),
    config: configFile({ ...config, ...defaultConfig(config) }, options.site.config, {
      ...(options.baseUrl === undefined ? {} : { api: { base_url: options.baseUrl } }),
      dag_processor: { refresh_interval: String(dagSource.refreshSeconds) },
      scheduler: schedulerHealth,
      logging: logging.config,
      // Names without variables in them, which become labels instead.
      metrics: { statsd_influxdb_enabled: "True", legacy_names_on: "False" },
    }),
    statsd: {
      enabled: options.hasMetrics,
      service: { extraAnnotations: skipAwait },
      serviceAccount: serviceAccount(serviceAccounts.statsd),
      resources: resources.statsd,
      securityContexts: foreignContexts(nobodyUser),
    },
    dags: { gitSync: dagSource.gitSync },
    logs: logging.logs,
    postgresql: { enabled: false },
    flower: { enabled: false },
  };
  return fitValues(values, options.fit ?? noFit);
}

/** Options that a site may set otherwise. */
function defaultConfig({ core }: { core: Record<string, string> }): ChartValues["config"] {
  return {
    // Importing Airflow's operators alone takes 7 s of CPU, and a small node runs several imports at once.
    core: { ...core, dagbag_import_timeout: "120" },
    dag_processor: {
      dag_file_processor_timeout: "180",
      // New and changed files are read at once. A thousand others, 0.2 s of CPU each, would not let two cores rest.
      min_file_process_interval: "120",
    },
  };
}

/** User of the StatsD exporter's image. */
const nobodyUser = 65534;

const commonVolumes: ChartValues["volumes"] = [
  { name: "platform", configMap: { name: configMaps.platform } },
  { name: "postgres-ca", configMap: { name: configMaps.postgresCa } },
];

const commonMounts: ChartValues["volumeMounts"] = [
  { name: "platform", mountPath: `${airflowHome}/platform`, readOnly: true },
  { name: "postgres-ca", mountPath: postgresCaFile.slice(0, postgresCaFile.lastIndexOf("/")), readOnly: true },
];

/**
 * Splits a reference as the chart puts it together again, `repository:tag`.
 *
 * The chart drops the digest of a worker pod's image; kept in the repository's last part it survives.
 */
function imageValues(reference: string): ImageValues {
  const colon = reference.lastIndexOf(":");
  if (colon <= reference.lastIndexOf("/")) {
    throw new Error(`the image ${reference} has neither a tag nor a digest: write repository:tag`);
  }
  return { repository: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}

/** YAML text, as the chart requires. */
function environmentFrom(configMapNames: string[], secretNames: string[]): string {
  const sources = [
    ...configMapNames.map((name) => `- configMapRef:\n    name: ${name}\n`),
    ...secretNames.map((name) => `- secretRef:\n    name: ${name}\n`),
  ];
  return sources.join("");
}
