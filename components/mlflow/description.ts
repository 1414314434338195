import { loginPage, named, type PartDescription, type Target } from "../description.ts";
import { objectStore } from "../minio/description.ts";
import { postgresServer } from "../postgres/description.ts";

export const mlflowPort = 5000;

/** Where runs are tracked and models are registered. */
export const trackingServer: Target = { group: "mlflow", ports: [mlflowPort] };

export const mlflow = {
  picture: { title: "MLflow", x: 232, y: 332, width: 196, height: 100 },
  pods: {
    mlflow: {
      labels: named("mlflow"),
      diagramLabel: "server",
      resources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { cpu: "2", memory: "1536Mi" } },
      ports: { http: mlflowPort },
      withoutLogin: { http: loginPage },
      reaches: [postgresServer, objectStore],
      outside: () => ["identity"],
      metrics: [{ job: "mlflow", port: mlflowPort, login: "administrator" }],
      singleReplica: {
        kind: "Deployment",
        reason: "runs and models are in Postgres and the bucket, and its clients retry",
      },
    },
    "mlflow-setup": {
      labels: named("mlflow-setup"),
      diagramLabel: "Job: schema",
      resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "1", memory: "1Gi" } },
      reaches: [postgresServer],
    },
    "mlflow-provision": { labels: named("mlflow-provision"), diagramLabel: "Job: users", reaches: [trackingServer] },
  },
  ui: {
    title: "MLflow",
    output: "mlflowUrl",
    pods: "mlflow",
    port: mlflowPort,
    healthPath: "/health",
    nodePort: 30050,
    administrator: { secret: "mlflow", passwordKey: "admin-password" },
    login: { kind: "basic", path: "/api/2.0/mlflow/experiments/search?max_results=1" },
  },
  secrets: [
    {
      names: ["mlflow"],
      holds: "database URLs, administrator's password, session key, keys of MinIO or of your S3",
      readBy: "MLflow and its setup",
      renewedWith:
        "`rotation.admin`, `rotation.database`, `rotation.minio`; your own: `secrets.postgres.logins`, `secrets.s3`",
    },
    {
      names: ["mlflow-provision"],
      holds: "password of each MLflow user",
      readBy: "the Job that creates users",
      renewedWith: "`rotation.mlflow`, `rotation.admin`",
    },
  ],
} as const satisfies PartDescription;
