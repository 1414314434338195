import type * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import type { StorageClient } from "../clients.ts";
import type { Cluster, ClusterCapabilities, ObjectStorage, RegistryAccess } from "./cluster.ts";

/** What a cluster is made from. */
export interface ClusterArgs<Settings> {
  /** The kind's own settings. */
  cluster: Settings;
  config: Config;
  /** Who keeps data in the cluster's object storage. */
  clients: StorageClient[];
}

/** The constructors of a cloud. */
export interface CloudConstructors<Settings, Identity> {
  /** Makes a cluster. */
  cluster: (args: ClusterArgs<Settings>) => Cluster;
  /** What a cluster of these settings offers, for a stack that takes it from another stack. */
  capabilities: (cluster: Settings, labels: Config["labels"]) => ClusterCapabilities;
  /** How a stack that takes such a cluster from another one pushes to its registry. @default - no registry is made */
  registry?: (cluster: Settings, opts: { parent: pulumi.Resource }) => RegistryAccess;
  /** Creates the bucket of an existing cluster, with an identity for each client. */
  identityStorage: (
    name: string,
    identity: Identity,
    args: IdentityStorageArgs,
    opts: pulumi.ComponentResourceOptions,
  ) => IdentityStorage;
}

export interface IdentityStorageArgs {
  /** Who keeps data in the bucket. */
  clients: StorageClient[];
  /** Labels or tags of the cloud's resources. */
  labels: Config["labels"];
}

export interface IdentityStorage {
  capabilities: Partial<ClusterCapabilities>;
  objectStorage: ObjectStorage;
}
