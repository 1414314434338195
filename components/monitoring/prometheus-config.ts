import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { alertmanagerPort } from "./description.ts";

/** One endpoint whose metrics are collected. */
export interface Scrape {
  /** Label `job` of its series, which dashboards and alerts name. */
  job: string;
  /** Host and port, e.g. `minio.mlops.svc:9000`. */
  target: string;
  /** @default /metrics */
  path?: string;
  /** `own`: those that Prometheus and Grafana share. @default - the endpoint asks for none */
  credentials?: ScrapeCredentials | ScrapeToken | "own";
}

export interface ScrapeCredentials {
  username: string;
  password: pulumi.Output<string>;
}

export interface ScrapeToken {
  token: pulumi.Output<string>;
}

/** Where the pod mounts what it reads. */
export const folders = {
  config: "/etc/prometheus/config",
  rules: "/etc/prometheus/rules",
  web: "/etc/prometheus/web",
  credentials: "/etc/prometheus/credentials",
  /** Below the volume's root, which belongs to root on a hostPath volume. */
  data: "/prometheus/data",
  volume: "/prometheus",
} as const;

/** The user of Prometheus and Alertmanager, in browsers and for each other. */
export const adminUser = "admin";

interface PrometheusConfigArgs {
  /** Namespace of the platform. */
  namespace: string;
  /** Namespaces whose pods and volumes are watched beside it. */
  projectNamespaces: string[];
  scrapes: Scrape[];
}

/** prometheus.yml; passwords and tokens are files beside it. */
export function prometheusConfig({ namespace, projectNamespaces, scrapes }: PrometheusConfigArgs): string {
  const namespaces = [namespace, ...projectNamespaces];
  const alertmanager = `alertmanager.${namespace}.svc:${alertmanagerPort}`;
  return stringify({
    global: { scrape_interval: "30s", evaluation_interval: "30s" },
    rule_files: [`${folders.rules}/*.yaml`],
    alerting: {
      alertmanagers: [{ basic_auth: basicAuth("own", "own"), static_configs: [{ targets: [alertmanager] }] }],
    },
    scrape_configs: [
      ...scrapes.map(staticScrape),
      kubelet("kubelet", "/metrics", "kubelet_volume_stats_.+", namespaces),
      kubelet("cadvisor", "/metrics/cadvisor", cadvisorMetrics, namespaces),
    ],
  });
}

/** How `promtool check ready` gets past the password. */
export const probeConfig = stringify({ basic_auth: basicAuth("own", "own") });

/**
 * The most that blocks and the log of the newest samples may fill, in Prometheus's own binary MB.
 *
 * A fifth of the volume is left for compaction, which writes a block before it removes those that went into it.
 */
export function retentionSize(storageGiB: number): string {
  return `${Math.floor(storageGiB * 1024 * 0.8)}MB`;
}

/** Credentials that are files of the pod, by name of the file. */
export function passwordFiles(scrapes: Scrape[], own: pulumi.Output<string>): Record<string, pulumi.Output<string>> {
  const others = scrapes.flatMap(({ job, credentials }) =>
    credentials === undefined || credentials === "own"
      ? []
      : [[job, "token" in credentials ? credentials.token : credentials.password] as const],
  );
  return { own, ...Object.fromEntries(others) };
}

function staticScrape({ job, target, path, credentials }: Scrape): object {
  return {
    job_name: job,
    ...(path === undefined ? {} : { metrics_path: path }),
    ...login(job, credentials),
    static_configs: [{ targets: [target] }],
  };
}

/** Files are read at each scrape: a renewed one needs no restart. */
function login(job: string, credentials: Scrape["credentials"]): object {
  if (credentials === undefined) return {};
  if (credentials !== "own" && "token" in credentials)
    return { authorization: { credentials_file: `${folders.credentials}/${job}` } };
  return { basic_auth: basicAuth(job, credentials) };
}

function basicAuth(job: string, credentials: ScrapeCredentials | "own"): object {
  const [username, file] = credentials === "own" ? [adminUser, "own"] : [credentials.username, job];
  return { username, password_file: `${folders.credentials}/${file}` };
}

const cadvisorMetrics = [
  "container_cpu_cfs_(throttled_)?periods_total",
  "container_cpu_usage_seconds_total",
  "container_fs_(limit|usage)_bytes",
  "container_memory_working_set_bytes",
  "machine_(cpu_cores|memory_bytes)",
].join("|");

/**
 * Asks each node's kubelet directly: through the API server it would take the right to `nodes/proxy`, which
 * reaches into every pod.
 *
 * @param metrics regular expression of what is kept of some thousand series a node
 */
function kubelet(job: string, path: string, metrics: string, namespaces: string[]): object {
  const token = "/var/run/secrets/kubernetes.io/serviceaccount/token";
  return {
    job_name: job,
    scheme: "https",
    metrics_path: path,
    // The kubelet stamps samples with the time of its last look, which would keep series of pods that are gone.
    honor_timestamps: false,
    authorization: { credentials_file: token },
    // Most clusters let a kubelet sign its own certificate. The token opens the list of nodes and their metrics.
    tls_config: { insecure_skip_verify: true },
    kubernetes_sd_configs: [{ role: "node" }],
    relabel_configs: [{ source_labels: ["__meta_kubernetes_node_name"], target_label: "node" }],
    metric_relabel_configs: [
      { action: "keep", source_labels: ["__name__"], regex: metrics },
      // Series of whole pods and of the node; those of single containers are three times as many.
      { action: "drop", source_labels: ["container"], regex: ".+" },
      { action: "keep", source_labels: ["namespace", "id"], regex: `(${namespaces.join("|")});.*|;/?` },
    ],
  };
}
