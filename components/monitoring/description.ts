import {
  hasBundledMonitoring as isDeployed,
  loginPage,
  named,
  nothing,
  type PartDescription,
  plainMetrics,
  type Target,
} from "../description.ts";
import { postgresServer } from "../postgres/description.ts";

export const prometheusPort = 9090;
export const alertmanagerPort = 9093;
export const kubeStateMetricsPort = 8080;
export const kubeStateTelemetryPort = 8081;
export const grafanaPort = 3000;

/** The Secret that a Prometheus of the site scrapes with. */
export const metricsCredentials = "metrics-credentials";

const prometheusServer: Target = { group: "prometheus", ports: [prometheusPort] };

export const prometheus = {
  picture: { title: "Prometheus", x: 702, y: 116, width: 126, height: 172 },
  pods: {
    prometheus: {
      labels: named("prometheus"),
      isDeployed,
      diagramLabel: "server",
      resources: { requests: { cpu: "100m", memory: "300Mi" }, limits: { cpu: "1", memory: "1Gi" } },
      ports: { http: prometheusPort },
      withoutLogin: { http: nothing },
      reaches: [prometheusServer, { group: "alertmanager", ports: [alertmanagerPort] }],
      collectsMetrics: true,
      outside: () => ["kubernetesApi", "kubelets"],
      metrics: [{ job: "prometheus", port: prometheusPort, login: "prometheus" }],
      singleReplica: {
        kind: "StatefulSet",
        reason: "a second one would collect the same metrics; a new pod continues with the volume",
      },
    },
    alertmanager: {
      labels: named("alertmanager"),
      isDeployed,
      diagramLabel: "Alertmanager",
      resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "1", memory: "128Mi" } },
      ports: { http: alertmanagerPort },
      withoutLogin: { http: nothing },
      // The webhook of the alerts.
      outside: () => ["https"],
      metrics: [{ job: "alertmanager", port: alertmanagerPort, login: "prometheus" }],
      singleReplica: {
        kind: "Deployment",
        reason: "it stores only silences, and Prometheus sends missed alerts again",
      },
    },
    "kube-state-metrics": {
      labels: named("kube-state-metrics"),
      isDeployed,
      diagramLabel: "kube-state-metrics",
      resources: { requests: { cpu: "10m", memory: "48Mi" }, limits: { cpu: "1", memory: "256Mi" } },
      ports: { metrics: kubeStateMetricsPort, telemetry: kubeStateTelemetryPort },
      withoutLogin: { metrics: plainMetrics, telemetry: plainMetrics },
      outside: () => ["kubernetesApi"],
      metrics: [{ job: "kube-state-metrics", port: kubeStateMetricsPort }],
      singleReplica: { kind: "Deployment", reason: "it stores no data; two would count every object twice" },
    },
  },
  ui: {
    title: "Prometheus",
    output: "prometheusUrl",
    pods: "prometheus",
    port: prometheusPort,
    nodePort: 30091,
    administrator: { secret: "prometheus-credentials", passwordKey: "own" },
    login: { kind: "basic", path: "/api/v1/status/buildinfo" },
  },
  volumes: { "prometheus-data": { key: "monitoring.kind", value: "bundled", isDeployed } },
  secrets: [
    {
      names: [metricsCredentials],
      holds: "credentials for scraping: MLflow's administrator, MinIO's metrics token",
      readBy: "the site's Prometheus, with `monitoring.kind: operator`",
      renewedWith: "`rotation.admin`, `rotation.minio`",
    },
    {
      names: ["prometheus-web", "prometheus-credentials"],
      holds: "hash of the password; credentials for scraping: MLflow's administrator, MinIO's metrics token",
      readBy: "Prometheus",
      renewedWith: "`rotation.admin`",
    },
    {
      names: ["alertmanager"],
      holds: "the same hash; the webhook's URL",
      readBy: "Alertmanager",
      renewedWith: "`rotation.admin`; your own: `secrets.alerts.webhookUrl`",
    },
  ],
} as const satisfies PartDescription;

export const grafana = {
  picture: { title: "Grafana", x: 702, y: 326, width: 126, height: 140 },
  pods: {
    grafana: {
      labels: named("grafana"),
      isDeployed,
      diagramLabel: "dashboards",
      resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "1", memory: "512Mi" } },
      ports: { http: grafanaPort },
      withoutLogin: { http: loginPage },
      reaches: [prometheusServer, postgresServer],
      metrics: [{ job: "grafana", port: grafanaPort, login: "prometheus" }],
      singleReplica: {
        kind: "Deployment",
        reason: "dashboards are files and the rest is in Postgres, so a new pod shows the same",
      },
    },
  },
  ui: {
    title: "Grafana",
    output: "grafanaUrl",
    pods: "grafana",
    port: grafanaPort,
    healthPath: "/api/health",
    nodePort: 30030,
    administrator: { secret: "grafana", passwordKey: "admin-password" },
    login: { kind: "basic", path: "/api/org" },
  },
  secrets: [
    {
      names: ["grafana"],
      holds:
        "administrator's password, database password, Prometheus's password, the key with which Grafana encrypts what users store",
      readBy: "Grafana",
      renewedWith:
        "`rotation.admin`, `rotation.database`; a DBA's: `secrets.postgres.logins`; nothing renews the encryption key",
    },
  ],
} as const satisfies PartDescription;
