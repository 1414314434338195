import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import { labels } from "../objects/labels.ts";
import { type PartName, partOf, podGroupNames, podGroups } from "../parts.ts";
import { metricsCredentials } from "./description.ts";
import { monitorSecret, podMonitors } from "./pod-monitors.ts";
import type { Scope } from "./scoped-queries.ts";
import type { Endpoint } from "./scrapes.ts";
import { siteDashboards } from "./site-dashboards.ts";
import { siteRules } from "./site-rules.ts";

/** Of the Prometheus Operator; source: https://prometheus-operator.dev/docs/api-reference/api/ */
const apiVersion = "monitoring.coreos.com/v1";

export interface SiteMonitoringArgs {
  namespace: pulumi.Input<string>;
  config: Extract<Config["monitoring"], { kind: "operator" }>;
  /** Whose metrics the rules and dashboards query. */
  scope: Scope;
  /** Every endpoint with metrics; see `endpointsOf`. */
  endpoints: readonly Endpoint[];
}

/**
 * What a Prometheus Operator and a Grafana of the site read: monitors, alert rules and dashboards, and no pod.
 *
 * ```ts
 * const scope = { platform: "mlops", namespaces: ["mlops", "forecast"] };
 * new SiteMonitoring("site-monitoring", { namespace, config: config.monitoring, scope, endpoints: endpointsOf(config, logins) });
 * ```
 */
export class SiteMonitoring extends pulumi.ComponentResource {
  constructor(name: string, args: SiteMonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:site-monitoring:SiteMonitoring", name, {}, opts);
    const { namespace, config, scope, endpoints } = args;
    const child = { parent: this };
    const metadata = (object: string, extra: Record<string, string> = {}) => ({
      name: object,
      namespace,
      // Prometheus and Grafana select by the site's labels, which therefore win.
      labels: { ...labels("monitoring", object), ...extra },
    });
    const stringData = monitorSecret(endpoints);
    const secret = new k8s.core.v1.Secret(
      metricsCredentials,
      { metadata: metadata(metricsCredentials), stringData },
      child,
    );
    for (const [group, spec] of podMonitors(endpoints)) {
      const monitor = { apiVersion, kind: "PodMonitor", metadata: metadata(group, config.labels), spec };
      new k8s.apiextensions.CustomResource(`${group}-monitor`, monitor, { ...child, dependsOn: [secret] });
    }
    const jobs = { jobs: endpoints.map(({ job }) => job), absent: absentJobs(endpoints) };
    const spec = siteRules(scope, jobs);
    const rule = { apiVersion, kind: "PrometheusRule", metadata: metadata("platform-alerts", config.labels), spec };
    new k8s.apiextensions.CustomResource("platform-alerts", rule, child);
    for (const [file, text] of Object.entries(siteDashboards(scope, jobs, config.datasource))) {
      const map = `dashboard-${file.replace(/\.json$/, "")}`;
      // Its key is the file's name in a folder that dashboards of others are in too.
      const data = { [`${scope.platform}-${file}`]: text };
      new k8s.core.v1.ConfigMap(map, { metadata: metadata(map, config.dashboardLabels), data }, child);
    }
    this.registerOutputs({});
  }
}

/** The jobs that a stack does not have: without MinIO, nothing has its metrics. */
function absentJobs(endpoints: readonly Endpoint[]): string[] {
  // The site's own monitoring takes the place of the bundled one, whose alerts and dashboards stay.
  const bundled: readonly PartName[] = ["prometheus", "grafana"];
  const others = podGroupNames.filter((group) => !bundled.includes(partOf[group]));
  const known = others.flatMap((group) => (podGroups[group].metrics ?? []).map(({ job }) => job));
  return known.filter((job) => endpoints.every((endpoint) => endpoint.job !== job));
}
