import { named, type PartDescription, type Target } from "../description.ts";

export const postgresPort = 5432;
export const exporterPort = 9187;

/** Where every client of a database connects. */
export const postgresServer: Target = { group: "postgres", ports: [postgresPort] };

export const postgres = {
  picture: { title: "Postgres", x: 32, y: 116, width: 140, height: 316 },
  pods: {
    postgres: {
      labels: named("postgres"),
      drawnAs: "server",
      ports: { postgres: postgresPort },
      isDeployed: (stack) => stack.postgres.kind === "cluster",
      singleReplica: {
        kind: "StatefulSet",
        reason: "one server on one volume; a cloud's managed Postgres can have a standby",
      },
    },
    databases: { labels: named("databases"), drawnAs: "Job: roles, databases", reaches: [postgresServer] },
    "postgres-exporter": {
      labels: named("postgres-exporter"),
      drawnAs: "exporter",
      ports: { metrics: exporterPort },
      reaches: [postgresServer],
      metrics: [{ job: "postgres", port: exporterPort }],
      singleReplica: { kind: "Deployment", reason: "it stores no data; two would count every query twice" },
    },
  },
  volumes: {
    "postgres-data": {
      key: "postgres.kind",
      value: "cluster",
      isDeployed: (stack) => stack.postgres.kind === "cluster",
    },
  },
} as const satisfies PartDescription;
