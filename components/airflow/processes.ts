import { skipAwait } from "../objects/rollout.ts";
import type { Config } from "../../config.ts";
import type {
  ChartValues,
  ComponentValues,
  EnvVar,
  LogGroomerValues,
  ProbeValues,
  Resources,
  SpreadConstraint,
} from "./chart-values.ts";
import type { DagSourceValues } from "./dag-source.ts";
import { airflowHome, release, serviceAccounts } from "./names.ts";
import { after } from "./ordering.ts";
import { type ComponentResources, componentResources } from "./resources.ts";
import { serviceAccount } from "./security.ts";

interface ProcessOptions {
  namespace: string;
  highAvailability: boolean;
  /** What a site sets in place of one replica, or two with high availability. */
  replicas: Config["airflow"]["replicas"];
  resources: ComponentResources;
  /** Secrets of Airflow's own processes. */
  environment: EnvVar[];
  /** What restarts the pods for other secrets of the site. */
  sitePodAnnotations: Pick<ComponentValues, "podAnnotations">;
  dagSource: DagSourceValues;
  /** Whether tasks run inside the scheduler. */
  hasLocalTasks: boolean;
  /** Whether users reach the web UI through a proxy that ends TLS. */
  isBehindTlsProxy: boolean;
  localLogRetentionDays: number;
}

/** Where the scheduler says whether its heart beats. */
const schedulerHealthPort = 8974;

/** Settings by which the scheduler answers its probes, which only come from inside the pod. */
export const schedulerHealth = {
  enable_health_check: "True",
  scheduler_health_check_server_host: "127.0.0.1",
  scheduler_health_check_server_port: String(schedulerHealthPort),
};

/** Each answer starts Airflow once, seconds of CPU: it is asked seldom, and a busy node gets time to give it. */
export const livenessProbe: ProbeValues = {
  initialDelaySeconds: 180,
  timeoutSeconds: 90,
  failureThreshold: 4,
  periodSeconds: 180,
};

/** An HTTP probe costs almost nothing. A start may take ten minutes: on a small node, everything starts at once. */
const httpProbe: ProbeValues = { initialDelaySeconds: 0, timeoutSeconds: 20, failureThreshold: 6, periodSeconds: 20 };
const httpStartupProbe: ProbeValues = { ...httpProbe, failureThreshold: 300, periodSeconds: 2 };

/**
 * Asks the scheduler's own health server, which the chart cannot by itself: it has commands alone.
 *
 * It asks past an environment's proxies, and starts no Airflow as `airflow jobs check` does.
 */
const schedulerProbe = {
  command: [
    "python",
    "-c",
    [
      "import http.client",
      `server = http.client.HTTPConnection("127.0.0.1", ${schedulerHealthPort}, timeout=15)`,
      'server.request("GET", "/health")',
      "raise SystemExit(server.getresponse().status != 200)",
    ].join("; "),
  ],
};

/** Values of the components that run all the time. */
export function processValues(
  options: ProcessOptions,
): Pick<ChartValues, "scheduler" | "apiServer" | "triggerer" | "dagProcessor"> {
  const { namespace, dagSource, isBehindTlsProxy, resources } = options;
  // Reading DAG files takes seconds of CPU each, for which a small node would let the UI and its first user wait.
  const afterLogin = { annotations: after(namespace, "migration", "createUser") };
  const groomer = { logGroomerSidecar: logGroomer(options.localLogRetentionDays) };
  const proxyTrust: EnvVar[] = isBehindTlsProxy ? [{ name: "FORWARDED_ALLOW_IPS", value: "*" }] : [];
  const apiServer = component(options, "apiServer", resources.apiServer);
  const schedulerResources = resources[options.hasLocalTasks ? "localScheduler" : "scheduler"];
  const scheduler = component(options, "scheduler", schedulerResources);
  return {
    scheduler: {
      ...scheduler,
      ...(options.hasLocalTasks ? fetcher(dagSource) : {}),
      livenessProbe: { ...httpProbe, ...schedulerProbe, failureThreshold: 15 },
      // Each probe starts a process in the container.
      startupProbe: { ...httpProbe, ...schedulerProbe, failureThreshold: 120, periodSeconds: 5 },
      ...groomer,
    },
    apiServer: {
      ...apiServer,
      env: [...apiServer.env, ...proxyTrust],
      service: { annotations: skipAwait },
      args: ["bash", "-c", `exec airflow api-server${isBehindTlsProxy ? " --proxy-headers" : ""}`],
      livenessProbe: httpProbe,
      readinessProbe: httpProbe,
      startupProbe: httpStartupProbe,
    },
    triggerer: {
      ...component(options, "triggerer", resources.triggerer),
      ...afterLogin,
      ...fetcher(dagSource),
      persistence: { enabled: false },
      ...groomer,
    },
    dagProcessor: {
      ...component(options, "dagProcessor", resources.dagProcessor),
      ...afterLogin,
      ...fetcher(dagSource),
      dagBundleConfigList: [dagSource.bundle],
      ...groomer,
    },
  };
}

/**
 * The annotations already make every component wait for the migration, and the image itself waits for the database; a
 * container that asks once more costs each start a whole start of Airflow, and can hold no secret.
 */
export const waitForMigrations: ComponentValues["waitForMigrations"] = { enabled: false };

/** Components by the chart's label. */
const labels = {
  apiServer: "api-server",
  scheduler: "scheduler",
  triggerer: "triggerer",
  dagProcessor: "dag-processor",
} as const;

/** What every component has: its identity, its place in the order, and with several replicas a budget and spreading. */
function component(options: ProcessOptions, name: keyof typeof labels, resources: Resources): ComponentValues {
  const { namespace, highAvailability, environment, sitePodAnnotations } = options;
  const replicas = options.replicas[name] ?? (highAvailability ? 2 : 1);
  return {
    annotations: after(namespace, "migration"),
    ...sitePodAnnotations,
    replicas,
    serviceAccount: serviceAccount(serviceAccounts[name]),
    resources,
    env: environment,
    waitForMigrations,
    podDisruptionBudget: disruptionBudget(replicas > 1),
    topologySpreadConstraints: replicas > 1 ? spreadOver(labels[name]) : [],
    livenessProbe,
    extraVolumes: [],
    extraVolumeMounts: [],
  };
}

/** What a pod that fetches the DAGs itself mounts. */
export function fetcher({
  fetcherVolumes,
  fetcherVolumeMounts,
}: DagSourceValues): Pick<ComponentValues, "extraVolumes" | "extraVolumeMounts"> {
  return { extraVolumes: fetcherVolumes, extraVolumeMounts: fetcherVolumeMounts };
}

export function disruptionBudget(enabled: boolean): ComponentValues["podDisruptionBudget"] {
  return { enabled, config: { maxUnavailable: 1 } };
}

/** Replicas of a component on different nodes and in different zones, where there are such. */
export function spreadOver(label: string): SpreadConstraint[] {
  return ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { component: label, release } },
  }));
}

/** The image's own cleaner asks the database at its start and is not in every image; this one needs a shell alone. */
function logGroomer(retentionDays: number): LogGroomerValues {
  const logs = `${airflowHome}/logs`;
  const script = [
    "trap 'exit 0' TERM",
    "while true; do",
    `  find ${logs} -type f -mtime +${retentionDays - 1} -delete`,
    `  find ${logs} -mindepth 1 -type d -empty -mmin +60 -delete`,
    "  sleep 3600 & wait $!",
    "done",
  ].join("\n");
  return { command: ["bash", "-c"], args: [script], resources: componentResources.logGroomer };
}
