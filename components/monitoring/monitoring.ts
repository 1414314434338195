import type * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import { Grafana } from "./grafana.ts";
import type { CommonArgsFor } from "../objects/common-args.ts";
import type { ProjectNamespace } from "../project/projects.ts";
import { Prometheus } from "./prometheus.ts";
import { type MetricsLogins, scrapesOf } from "./scrapes.ts";

export interface MonitoringArgs {
  common: CommonArgsFor;
  metricsLogins: MetricsLogins;
  projects: ProjectNamespace[];
  storageClass: string | undefined;
  /** URL of Grafana where it is known beforehand. */
  rootUrl: string | undefined;
  /** What must be there before their pods start: else alerts tell that nothing answers yet. */
  after: pulumi.Resource[];
}

/** Prometheus, with what the platform runs as its targets, and Grafana on top of it. */
export function createMonitoring(
  config: Config,
  { common, metricsLogins, projects, storageClass, rootUrl, after }: MonitoringArgs,
  opts: pulumi.ComponentResourceOptions,
): { prometheus: Prometheus; grafana: Grafana } {
  const { monitoring, secrets } = config;
  const scrapes = scrapesOf(config, metricsLogins);
  const prometheus = new Prometheus(
    "prometheus",
    {
      ...common("admin"),
      ...monitoring,
      storageClass,
      scrapes,
      projects,
      after,
      ...(secrets.has("alerts.webhookUrl") ? { webhookUrl: secrets.get("alerts.webhookUrl") } : {}),
    },
    opts,
  );
  const { url, adminUser: user, adminPassword: password } = prometheus;
  const grafanaArgs = { ...common("admin"), prometheus: { url, user, password }, rootUrl };
  const grafana = new Grafana("grafana", grafanaArgs, { ...opts, dependsOn: after });
  return { prometheus, grafana };
}
