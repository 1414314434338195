import type * as pulumi from "@pulumi/pulumi";
import type { Config } from "../config.ts";
import { Backup } from "./backup/backup.ts";
import { clientsByStore } from "./clients.ts";
import type { Cluster, ServerAddress, StorageAccess } from "./cluster/cluster.ts";
import { createDatabases } from "./postgres/create-databases.ts";
import type { DatabaseConnection } from "./postgres/databases.ts";
import { lookup } from "../lib/lookup.ts";
import { Minio } from "./minio/minio.ts";
import type { CommonArgsFor } from "./objects/common-args.ts";
import type { PlatformSign } from "./ownership/platform-sign.ts";
import { PostgresExporter } from "./postgres/postgres-exporter.ts";
import { siteStore } from "./s3/site-store.ts";

/** The platform's data stores: Postgres and object storage, inside or outside the cluster. */
export interface DataStores {
  server: ServerAddress;
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
  cluster: Cluster,
  common: CommonArgsFor,
  sign: PlatformSign,
  opts: pulumi.ComponentResourceOptions,
): DataStores {
  const { capabilities, objectStorage } = cluster;
  const adminGeneration = config.rotation.admin;
  const databases = createDatabases(config, cluster, common, sign, opts);
  const { server, connections, exporter, reader } = databases;
  if (exporter !== undefined) {
    const exporterArgs = { ...common("database"), connection: exporter };
    new PostgresExporter("postgres-exporter", exporterArgs, { ...opts, dependsOn: databases.ready });
  }
  const storageClients = clientsByStore(config);
  const { enabled, ...ofMinio } = config.minio;
  const { storageClass } = capabilities;
  const ofStack = { adminGeneration, storageClass, sign, clients: storageClients.minio };
  const minioArgs = { ...common("minio"), ...ofMinio, ...ofStack };
  const minio = enabled ? new Minio("minio", minioArgs, opts) : undefined;
  const { s3, secrets } = config;
  const site = s3 === undefined ? undefined : siteStore(s3, storageClients.site, secrets.s3);
  const storage = lookup({ ...minio?.access, ...objectStorage?.access, ...site?.access }, "object storage");
  const ready = [...databases.ready, ...(minio?.ready ?? []), ...(objectStorage?.ready ?? [])];
  if (config.backup.enabled) {
    const names = Object.values(connections).map(({ database }) => database);
    new Backup(
      "backup",
      { ...common("admin"), config: config.backup, ...reader, databases: names, storage: storage("backup") },
      { ...opts, dependsOn: ready },
    );
  }
  return { server, database: lookup(connections, "database"), storage, minio, ready };
}
