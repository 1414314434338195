import { z } from "zod";
import { labels } from "./scheduling.ts";

const gib = z.number().int().min(1).max(65536);

/** Who collects the platform's metrics and shows them. */
export const monitoringSchema = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("bundled").default("bundled"),
      retentionDays: z.number().int().min(1).max(365).default(15).describe("Age at which Prometheus deletes metrics."),
      storageGiB: gib.default(10).describe("Size of Prometheus's volume."),
    })
    .describe("Prometheus, Alertmanager, kube-state-metrics and Grafana run in the platform's namespace. The default."),
  z
    .strictObject({
      kind: z.literal("operator"),
      namespace: z
        .string()
        .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "a namespace's name")
        .default("monitoring")
        .describe("Namespace of the site's Prometheus, which may connect to the ports with metrics."),
      labels: labels
        .default({})
        .describe(
          "Labels by which the site's Prometheus selects monitors and rules, such as {release: kube-prometheus-stack}.",
        ),
      dashboardLabels: labels
        .default({ grafana_dashboard: "1" })
        .describe("Labels by which the sidecar of the site's Grafana selects ConfigMaps with dashboards."),
      datasource: z
        .string()
        .min(1)
        .default("prometheus")
        .describe("uid of the data source in the site's Grafana that queries its Prometheus."),
    })
    .describe("PodMonitors, a PrometheusRule and dashboards for the site's Prometheus Operator and Grafana."),
  z
    .strictObject({ kind: z.literal("none") })
    .describe("Nothing collects metrics. The exporters of Airflow and Postgres do not run either."),
]);
