import type * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import type { Cluster, ClusterCapabilities, PostgresServer } from "../cluster/cluster.ts";
import type { Images } from "../images.ts";
import { Postgres } from "./postgres.ts";

/** Where a server may be whose address the configuration does not say. */
export const anyAddress = "0.0.0.0/0";

interface PostgresServerArgs {
  namespace: pulumi.Input<string>;
  images: Images;
  /** Generation of the certificate. */
  generation: number;
  /** Generation of the administrator's password. */
  adminGeneration: number;
}

/** The stack's Postgres: in the cluster, the cloud's, or an existing server. */
export function postgresServer(
  { postgres, secrets }: Pick<Config, "postgres" | "secrets">,
  { storageClass, managedPostgres }: Pick<ClusterCapabilities, "storageClass"> & Pick<Cluster, "managedPostgres">,
  args: PostgresServerArgs,
  opts: pulumi.ComponentResourceOptions,
): PostgresServer {
  switch (postgres.kind) {
    case "cluster":
      return new Postgres("postgres", { ...args, storageClass, storageGiB: postgres.storageGiB }, opts).server;
    case "managed":
      // config/rules.ts lets `managed` through only where the kind of cluster makes one.
      if (managedPostgres === undefined) throw new Error("postgres.kind managed: the cluster has no managed Postgres");
      return managedPostgres;
    case "external": {
      const { host, port, adminUser, caCertificate, cidr = anyAddress } = postgres;
      const adminPassword = secrets.get("postgres.adminPassword");
      return { host, port, adminUser, adminPassword, caCertificate, cidr, ready: [] };
    }
  }
}
