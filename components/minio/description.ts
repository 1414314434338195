import { loginPage, named, type PartDescription, type StackShape, type Target } from "../description.ts";

/** The S3 API, health and metrics. */
export const s3Port = 9000;
export const consolePort = 9001;

/** Where every client of the object store connects. */
export const objectStore: Target = { group: "minio", ports: [s3Port] };

const isDeployed = (stack: StackShape) => stack.minio.enabled;

export const minio = {
  picture: { title: "MinIO", x: 548, y: 116, width: 126, height: 316 },
  pods: {
    minio: {
      labels: named("minio"),
      diagramLabel: "server",
      resources: { requests: { cpu: "50m", memory: "256Mi" }, limits: { cpu: "2", memory: "1Gi" } },
      ports: { s3: s3Port, console: consolePort },
      withoutLogin: { s3: loginPage, console: loginPage },
      isDeployed,
      metrics: [
        { job: "minio", port: s3Port, path: "/minio/v2/metrics/cluster", login: "token" },
        { job: "minio-bucket", port: s3Port, path: "/minio/v2/metrics/bucket", login: "token" },
      ],
      singleReplica: {
        kind: "StatefulSet",
        reason: "one server on one volume; a cloud's bucket replaces it where availability matters",
      },
    },
    "minio-provision": {
      labels: named("minio-provision"),
      diagramLabel: "Job: buckets, users",
      isDeployed,
      reaches: [objectStore],
    },
  },
  ui: {
    title: "MinIO",
    output: "minioUrl",
    pods: "minio",
    port: consolePort,
    healthPath: "/",
    nodePort: 30090,
    administrator: { secret: "minio-root", passwordKey: "password", userKey: "user" },
    login: { kind: "json", path: "/api/v1/login", userField: "accessKey", passwordField: "secretKey" },
  },
  volumes: { "minio-data": { key: "minio.enabled", value: "true", isDeployed } },
  secrets: [
    {
      names: ["minio-root", "minio-users"],
      holds: "the random keys of MinIO's administrator and of each user",
      readBy: "MinIO (the administrator's), the Job that creates users",
      renewedWith: "`rotation.admin`, `rotation.minio`",
    },
  ],
} as const satisfies PartDescription;
