import { exporterClient } from "../../config/postgres/clients.ts";
import {
  isMonitored,
  named,
  nothing,
  type PartDescription,
  plainMetrics,
  type StackShape,
  type Target,
} from "../description.ts";

export const postgresPort = 5432;
export const exporterPort = 9187;

/** Where every client of a database connects. */
export const postgresServer: Target = { group: "postgres", ports: [postgresPort] };

const isDeployed = (stack: StackShape) => stack.postgres.kind === "cluster";

/** A DBA may give no login that reads statistics. */
const hasExporterLogin = ({ postgres: { databases } }: StackShape) =>
  databases === undefined || exporterClient in databases;

export const postgres = {
  picture: { title: "Postgres", x: 32, y: 116, width: 140, height: 350 },
  pods: {
    postgres: {
      labels: named("postgres"),
      diagramLabel: "server",
      resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "2", memory: "1Gi" } },
      ports: { postgres: postgresPort },
      withoutLogin: { postgres: nothing },
      isDeployed,
      singleReplica: {
        kind: "StatefulSet",
        reason: "one server on one volume; a cloud's managed Postgres can have a standby",
      },
    },
    databases: { labels: named("databases"), diagramLabel: "Job: roles, databases", reaches: [postgresServer] },
    "postgres-exporter": {
      labels: named("postgres-exporter"),
      diagramLabel: "exporter",
      resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "1", memory: "64Mi" } },
      ports: { metrics: exporterPort },
      withoutLogin: { metrics: plainMetrics },
      reaches: [postgresServer],
      metrics: [{ job: "postgres", port: exporterPort }],
      isDeployed: (stack) => isMonitored(stack) && hasExporterLogin(stack),
      singleReplica: { kind: "Deployment", reason: "it stores no data; two would count every query twice" },
    },
  },
  volumes: {
    "postgres-data": {
      key: "postgres.kind",
      value: "cluster",
      isDeployed,
    },
  },
  secrets: [
    {
      names: ["postgres-superuser", "databases-admin"],
      holds: "the server's administrator",
      readBy: "Postgres; the Job that creates roles",
      renewedWith: "`rotation.admin`; for an external server `secrets.postgres.adminPassword`",
    },
    {
      names: ["postgres-tls"],
      holds: "the server's certificate and key",
      readBy: "Postgres",
      renewedWith: "`rotation.certificate`",
    },
    {
      names: ["databases-passwords"],
      holds: "the password of each login",
      readBy: "the Job that creates roles, or that checks the logins of a DBA",
      renewedWith: "`rotation.database`; a DBA's: `secrets.postgres.logins`",
    },
    {
      names: ["postgres-exporter"],
      holds: "password of the role that reads statistics",
      readBy: "the exporter",
      renewedWith: "`rotation.database`; a DBA's: `secrets.postgres.logins`",
    },
  ],
} as const satisfies PartDescription;
