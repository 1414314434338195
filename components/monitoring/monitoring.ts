import type * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import type { DataStores } from "../data-stores.ts";
import { Grafana } from "./grafana.ts";
import type { Minio } from "../minio/minio.ts";
import type { Mlflow } from "../mlflow/mlflow.ts";
import type { CommonArgsFor } from "../objects/common-args.ts";
import type { ProjectNamespace } from "../project/projects.ts";
import { Prometheus } from "./prometheus.ts";
import { endpointsOf, type MetricsLogins, scrapesOf } from "./scrapes.ts";
import { SiteMonitoring } from "./site-monitoring.ts";
import { type Exposure, staticUrl } from "../web/exposure.ts";

interface MonitoringArgs {
  common: CommonArgsFor;
  mlflow: Pick<Mlflow, "adminUser" | "adminPassword">;
  minio: Pick<Minio, "metricsToken"> | undefined;
  projects: (ProjectNamespace & { namespaceName: string })[];
  storageClass: string | undefined;
  exposure: Exposure;
  /** The database of a client. */
  database: DataStores["database"];
  /** Resources that must exist before their pods start: else alerts tell that nothing answers yet. */
  after: pulumi.Resource[];
}

/** Those that a stack runs: none where the site has its own. */
export interface Monitoring {
  prometheus?: Prometheus;
  grafana?: Grafana;
}

/** What collects the platform's metrics and shows them. */
export function createMonitoring(
  config: Config,
  args: MonitoringArgs,
  opts: pulumi.ComponentResourceOptions,
): Monitoring {
  const { monitoring, namespace: platform } = config;
  switch (monitoring.kind) {
    case "bundled":
      return bundledMonitoring(config, monitoring, args, opts);
    case "operator": {
      const { namespace } = args.common("admin");
      const scope = { platform, namespaces: [platform, ...args.projects.map(({ namespaceName }) => namespaceName)] };
      const endpoints = endpointsOf(config, metricsLogins(args));
      new SiteMonitoring("site-monitoring", { namespace, config: monitoring, scope, endpoints }, opts);
      return {};
    }
    case "none":
      return {};
  }
}

/** Prometheus, with what the platform runs as its targets, and Grafana on top of it. */
function bundledMonitoring(
  config: Config,
  { retentionDays, storageGiB }: Extract<Config["monitoring"], { kind: "bundled" }>,
  args: MonitoringArgs,
  opts: pulumi.ComponentResourceOptions,
): Monitoring {
  const { secrets } = config;
  const { common, projects, storageClass, exposure, after, database } = args;
  const scrapes = scrapesOf(config, metricsLogins(args));
  const prometheus = new Prometheus(
    "prometheus",
    {
      ...common("admin"),
      retentionDays,
      storageGiB,
      storageClass,
      scrapes,
      projects,
      after,
      usesProxy: config.proxy !== undefined,
      ...(secrets.alertReceiver === undefined
        ? {}
        : { webhook: { kind: secrets.alertReceiver, url: secrets.get("alerts.webhookUrl") } }),
    },
    opts,
  );
  const { url, adminUser: user, adminPassword: password } = prometheus;
  const grafanaArgs = {
    ...common("admin"),
    prometheus: { url, user, password },
    database: database("grafana"),
    rootUrl: staticUrl(exposure, "grafana"),
    after,
  };
  const grafana = new Grafana("grafana", grafanaArgs, opts);
  return { prometheus, grafana };
}

function metricsLogins({
  mlflow: { adminUser: username, adminPassword: password },
  minio,
}: Pick<MonitoringArgs, "mlflow" | "minio">): MetricsLogins {
  return {
    mlflow: { username, password },
    ...(minio === undefined ? {} : { minio: { token: minio.metricsToken } }),
  };
}
