import type * as pulumi from "@pulumi/pulumi";
import type { Config } from "../config.ts";
import { Backup } from "./backup/backup.ts";
import { clientsByStore, databaseClients } from "./clients.ts";
import type { Cluster, PostgresServer, StorageAccess } from "./cluster/cluster.ts";
import { type DatabaseConnection, Databases } from "./postgres/databases.ts";
import { lookup } from "../lib/lookup.ts";
import { Minio } from "./minio/minio.ts";
import type { CommonArgsFor } from "./objects/common-args.ts";
import type { PlatformSign } from "./ownership/platform-sign.ts";
import { isDeployed } from "./parts.ts";
import { PostgresExporter } from "./postgres/postgres-exporter.ts";
import { postgresServer } from "./postgres/postgres-server.ts";
import { siteStore } from "./s3/site-store.ts";

/** The platform's data stores: Postgres and object storage, inside or outside the cluster. */
export interface DataStores {
  server: PostgresServer;
  /** A client's own database. */
  database: (client: string) => DatabaseConnection;
  /** A client's own prefix of the object store. */
  storage: (client: string) => StorageAccess;
  /** The MinIO of the stack; undefined: it is switched off. */
  minio: Minio | undefined;
  /** Resources that must exist before a client connects. */
  ready: pulumi.Resource[];
}

export function createDataStores(
  config: Config,
  { capabilities: { storageClass }, objectStorage, managedPostgres }: Cluster,
  common: CommonArgsFor,
  sign: PlatformSign,
  opts: pulumi.ComponentResourceOptions,
): DataStores {
  const adminGeneration = config.rotation.admin;
  const server = postgresServer(
    config,
    { storageClass, managedPostgres },
    { ...common("certificate"), adminGeneration },
    opts,
  );
  const clients = databaseClients(config);
  const { prefix, extensions, kind } = config.postgres;
  const isShared = kind === "external";
  const databasesArgs = { adminGeneration, server, clients, prefix, extensions, isShared, sign };
  const databases = new Databases("databases", { ...common("database"), ...databasesArgs }, opts);
  if (isDeployed("postgres-exporter", config)) {
    const exporterArgs = { ...common("database"), connection: databases.exporter };
    new PostgresExporter("postgres-exporter", exporterArgs, { ...opts, dependsOn: databases.ready });
  }
  const storageClients = clientsByStore(config);
  const { enabled, ...ofMinio } = config.minio;
  const ofStack = { adminGeneration, storageClass, sign, clients: storageClients.minio };
  const minioArgs = { ...common("minio"), ...ofMinio, ...ofStack };
  const minio = enabled ? new Minio("minio", minioArgs, opts) : undefined;
  const { s3, secrets } = config;
  const site = s3 === undefined ? undefined : siteStore(s3, storageClients.site, secrets.s3);
  const storage = lookup({ ...minio?.access, ...objectStorage?.access, ...site?.access }, "object storage");
  const ready = [...databases.ready, ...(minio?.ready ?? []), ...(objectStorage?.ready ?? [])];
  if (config.backup.enabled) {
    const names = clients.map(({ role }) => role);
    new Backup(
      "backup",
      { ...common("admin"), config: config.backup, server, databases: names, storage: storage("backup") },
      { ...opts, dependsOn: ready },
    );
  }
  return { server, database: lookup(databases.connections, "database"), storage, minio, ready };
}
