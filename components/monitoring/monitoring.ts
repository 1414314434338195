import type * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import { Grafana } from "./grafana.ts";
import type { Minio } from "../minio/minio.ts";
import type { Mlflow } from "../mlflow/mlflow.ts";
import type { CommonArgsFor } from "../objects/common-args.ts";
import type { ProjectNamespace } from "../project/projects.ts";
import { Prometheus } from "./prometheus.ts";
import { type MetricsLogins, scrapesOf } from "./scrapes.ts";
import { type Exposure, staticUrl } from "../web/exposure.ts";

interface MonitoringArgs {
  common: CommonArgsFor;
  mlflow: Pick<Mlflow, "adminUser" | "adminPassword">;
  minio: Pick<Minio, "metricsToken"> | undefined;
  projects: ProjectNamespace[];
  storageClass: string | undefined;
  exposure: Exposure;
  /** Resources that must exist before their pods start: else alerts tell that nothing answers yet. */
  after: pulumi.Resource[];
}

/** Prometheus, with what the platform runs as its targets, and Grafana on top of it. */
export function createMonitoring(
  config: Config,
  { common, mlflow, minio, projects, storageClass, exposure, after }: MonitoringArgs,
  opts: pulumi.ComponentResourceOptions,
): { prometheus: Prometheus; grafana: Grafana } {
  const { monitoring, secrets } = config;
  const scrapes = scrapesOf(config, metricsLogins(mlflow, minio));
  const prometheus = new Prometheus(
    "prometheus",
    {
      ...common("admin"),
      ...monitoring,
      storageClass,
      scrapes,
      projects,
      after,
      usesProxy: config.proxy !== undefined,
      ...(secrets.has("alerts.webhookUrl") ? { webhookUrl: secrets.get("alerts.webhookUrl") } : {}),
    },
    opts,
  );
  const { url, adminUser: user, adminPassword: password } = prometheus;
  const grafanaArgs = {
    ...common("admin"),
    prometheus: { url, user, password },
    rootUrl: staticUrl(exposure, "grafana"),
  };
  const grafana = new Grafana("grafana", grafanaArgs, { ...opts, dependsOn: after });
  return { prometheus, grafana };
}

function metricsLogins(
  { adminUser: username, adminPassword: password }: MonitoringArgs["mlflow"],
  minio: MonitoringArgs["minio"],
): MetricsLogins {
  return {
    mlflow: { username, password },
    ...(minio === undefined ? {} : { minio: { token: minio.metricsToken } }),
  };
}
