import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Config, Secrets } from "../../config.ts";
import type { StorageAccess } from "../cluster/cluster.ts";
import type { DatabaseConnection } from "../postgres/databases.ts";
import type { Images } from "../images.ts";
import { labels } from "../objects/labels.ts";
import type { ProjectNamespace } from "../project/projects.ts";
import type { PodRequests } from "../../lib/kubernetes/pod-requests.ts";
import { noFit, type PodFit } from "../site/pod-fit.ts";
import { AirflowAccounts } from "./accounts.ts";
import { checkedChart } from "./chart/chart-package.ts";
import { chartSource } from "./chart/chart-source.ts";
import { adminUser } from "./jobs.ts";
import { configMaps, release } from "./names.ts";
import { AirflowSecrets, hasSecrets } from "./secrets.ts";
import { mergedObjects } from "./site/layers.ts";
import { variableOf } from "./site/owned-settings.ts";
import { overriddenValues } from "./site/overrides.ts";
import { siteSettings } from "./site/site.ts";
import { type AirflowOptions, chartValues } from "./values.ts";
import { AirflowVolumes, dagsClaimName } from "./volumes.ts";

export interface AirflowArgs {
  /** Plain, as every value of the chart: an unknown value would hide the chart's objects from a preview. */
  namespace: string;
  config: Config["airflow"];
  images: Images;
  /** Image with the DAGs inside, for `dags.kind: image` without an `image` of its own. */
  embeddedDagsImage: string;
  database: DatabaseConnection;
  /** The log prefix of the object store; undefined: logs are on a volume. */
  logs: StorageAccess | undefined;
  /** Undefined: the cluster's default class. */
  storageClass: string | undefined;
  /** Where tasks make their pods. */
  projects: ProjectNamespace[];
  /** Text of platform.json, which the DAGs read. */
  platformJson: pulumi.Input<string>;
  /** What the site wants of its pods. @default - nothing */
  fit?: PodFit;
  /** What the cluster asks of each pod's requests. @default - nothing */
  podRequests?: PodRequests | undefined;
  /** Whether anything collects its metrics. */
  hasMetrics: boolean;
  /** URL of the web UI, if it is known before the deployment. */
  baseUrl: string | undefined;
  /** Values from the stack's secrets. */
  secrets: Secrets;
  /** Generations of its secrets and of its accounts elsewhere; a new generation restarts the pods that read them. */
  rotation: Config["rotation"];
  /**
   * Resources that must exist before its pods start; given here and not as an option, since a destroy that keeps the Fernet key
   * would keep what the component depends on. @default []
   */
  after?: pulumi.Resource[];
  /** Labels of the chart's objects. @default {} */
  labels?: Record<string, string>;
}

/**
 * Airflow from its official chart, with everything secret, random or stateful made outside it.
 *
 * Idle, it requests 0.53 CPU and 2.1 GiB with KubernetesExecutor; see `resources.ts`.
 *
 * ```ts
 * const airflow = new Airflow("airflow", { namespace: "mlops", config: config.airflow, after: databases.ready, … });
 * ```
 */
export class Airflow extends pulumi.ComponentResource {
  /** The administrator of the web UI. */
  readonly adminUser: string;
  readonly adminPassword: pulumi.Output<string>;
  /** Ready when every component answers. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: AirflowArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:airflow:Airflow", name, {}, opts);
    const { namespace, config, logs, database, secrets, rotation, storageClass, projects } = args;
    if ((config.logs.kind === "objectStorage") !== (logs !== undefined)) {
      throw new Error(
        `logs.kind is ${config.logs.kind}: the argument logs is required with objectStorage, and only allowed with it`,
      );
    }
    const child = { parent: this };
    const secretsArgs = { namespace, config, database, logs, secrets, rotation };
    const airflowSecrets = new AirflowSecrets(`${name}-secrets`, secretsArgs, child);
    const annotations = logs?.accountAnnotations ?? {};
    const { executor } = config;
    const accountsArgs = { namespace, executor, hasMetrics: args.hasMetrics, annotations, projects };
    const accounts = new AirflowAccounts(`${name}-accounts`, accountsArgs, child);
    const volumes = new AirflowVolumes(`${name}-volumes`, { namespace, config, storageClass }, child);
    const settings = Object.entries(settingsOf(args)).map(([map, data]) => {
      const metadata = { name: map, namespace, labels: labels(release, "config") };
      return new k8s.core.v1.ConfigMap(map, { metadata, data }, child);
    });
    const generated = chartValues(optionsOf(args));
    const values = mergedObjects({ ...generated }, config.values);
    const overridden = overriddenValues(generated, values, config.values);
    for (const { path, meant } of overridden) {
      if (meant !== undefined) void pulumi.log.warn(`airflow.values.${path}: did you mean ${meant}?`, this);
    }
    // A preview without an engine renders the same package: preview/chart.ts.
    const source = pulumi.runtime.hasEngine() ? checkedChart(config.chart) : config.chart;
    const chart = new k8s.helm.v4.Chart(
      name,
      { name: release, namespace, values, ...chartSource(source) },
      // The chart's objects name these, and no output tells.
      { ...child, dependsOn: [airflowSecrets, accounts, volumes, ...settings, ...(args.after ?? [])] },
    );
    this.adminUser = adminUser;
    this.adminPassword = airflowSecrets.adminPassword;
    this.ready = [chart];
    this.registerOutputs({
      ...{ adminUser: this.adminUser, adminPassword: this.adminPassword, ready: this.ready },
      // What a preview shows; nothing where the site overrides nothing.
      ...(overridden.length === 0 ? {} : { overriddenValues: overridden }),
    });
  }
}

/** Contents of the ConfigMaps, by their names. */
function settingsOf({
  platformJson,
  database,
  logs,
}: AirflowArgs): Record<string, Record<string, pulumi.Input<string>>> {
  return {
    [configMaps.platform]: { "platform.json": platformJson },
    [configMaps.postgresCa]: { "ca.crt": database.caCertificate },
    ...(logs === undefined
      ? {}
      : { [configMaps.logStorage]: { [variableOf("logging.remote_base_log_folder")]: logs.uri, ...logs.environment } }),
  };
}

/**
 * The generations of everything that Airflow's pods read when they start, each with the name of its annotation.
 *
 * Not `minio`, as when access keys were names: the update that made them random restarts the pods.
 */
const restarting = [
  ["fernet", "fernet"],
  ["fernetRetired", "fernetRetired"],
  ["database", "database"],
  ["minio", "minioKeys"],
  ["sessions", "sessions"],
] as const;

/** The part of the arguments that is plain data. */
function optionsOf(args: AirflowArgs): AirflowOptions {
  const { namespace, config, images, database, logs, baseUrl, rotation } = args;
  const { executor, dags, celeryWorkers, highAvailability, adminEmail } = config;
  return {
    namespace,
    executor,
    dags,
    celeryWorkers,
    highAvailability,
    adminEmail,
    logs: logs === undefined ? { kind: "volume" } : { kind: "objectStorage", hasSecrets: hasSecrets(logs) },
    image: config.image ?? (dags.kind === "image" ? args.embeddedDagsImage : images.public("airflow")),
    images: {
      airflow: images.inChart("airflow"),
      statsd: images.inChart("statsdExporter"),
      redis: images.inChart("redis"),
      gitSync: images.inChart("gitSync"),
    },
    ...(dags.kind === "hostPath" ? { dagsClaim: dagsClaimName(dags.path) } : {}),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(args.labels === undefined ? {} : { labels: args.labels }),
    podAnnotations: {
      ...Object.fromEntries(restarting.map(([of, name]) => [`mlops/${name}-generation`, String(rotation[of])])),
      ...(database.fingerprint === undefined ? {} : { "mlops/database-fingerprint": database.fingerprint }),
      ...(logs?.fingerprint === undefined ? {} : { "mlops/log-store-fingerprint": logs.fingerprint }),
    },
    adminGeneration: rotation.admin,
    hasMetrics: args.hasMetrics,
    fit: args.fit ?? noFit,
    podRequests: args.podRequests,
    site: siteSettings(config, args.secrets),
  };
}
