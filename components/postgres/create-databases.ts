import type * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import { databaseClients } from "../clients.ts";
import type { Cluster, PostgresServer, ServerAddress } from "../cluster/cluster.ts";
import type { CommonArgsFor } from "../objects/common-args.ts";
import { isDeployed } from "../parts.ts";
import type { PlatformSign } from "../ownership/platform-sign.ts";
import { type DatabaseConnection, Databases } from "./databases.ts";
import { GivenDatabases } from "./given-databases.ts";
import { anyAddress, postgresServer } from "./postgres-server.ts";

/** Who may read all databases: the server's administrator, or each database's own login. */
export type DatabasesReader =
  { server: PostgresServer; logins?: undefined } | { server: ServerAddress; logins: DatabaseConnection[] };

interface PlatformDatabases {
  server: ServerAddress;
  /** By the client's name. */
  connections: Record<string, DatabaseConnection>;
  /** Undefined: nothing reads the server's statistics. */
  exporter: DatabaseConnection | undefined;
  reader: DatabasesReader;
  /** Resources that must exist before the first connection. */
  ready: pulumi.Resource[];
}

/** The databases of all clients: the platform's own, or those that a DBA made. */
export function createDatabases(
  config: Pick<
    Config,
    "airflow" | "backup" | "minio" | "monitoring" | "postgres" | "projects" | "rotation" | "secrets"
  >,
  { capabilities: { storageClass }, managedPostgres }: Pick<Cluster, "capabilities" | "managedPostgres">,
  common: CommonArgsFor,
  sign: PlatformSign,
  opts: pulumi.ComponentResourceOptions,
): PlatformDatabases {
  const { postgres, rotation, secrets } = config;
  const clients = databaseClients(config);
  const hasExporter = isDeployed("postgres-exporter", config);
  if (postgres.kind === "external" && postgres.databases !== undefined) {
    const { host, port, caCertificate, cidr = anyAddress, databases: given } = postgres;
    const server = { host, port, caCertificate, cidr, ready: [] };
    const ofLogins = { clients, server, hasExporter, databases: given, loginOf: secrets.login };
    const databases = new GivenDatabases("databases", { ...common("database"), ...ofLogins }, opts);
    const { connections, exporter, ready } = databases;
    return { server, connections, exporter, ready, reader: { server, logins: Object.values(connections) } };
  }
  const adminGeneration = rotation.admin;
  const ofServer = { ...common("certificate"), adminGeneration };
  const server = postgresServer(config, { storageClass, managedPostgres }, ofServer, opts);
  const { prefix, extensions, kind } = postgres;
  const isShared = kind === "external";
  const databasesArgs = { adminGeneration, server, clients, prefix, extensions, isShared, hasExporter, sign };
  const databases = new Databases("databases", { ...common("database"), ...databasesArgs }, opts);
  const { connections, exporter, ready } = databases;
  return { server, connections, exporter, ready, reader: { server } };
}
