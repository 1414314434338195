import type * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import type { ExistingConfig } from "./existing/schema.ts";
import type { StorageClient } from "../clients.ts";
import type { ClusterCapabilities, ObjectStorage } from "./cluster.ts";
import { eksIdentityStorage } from "./eks/eks-identity.ts";
import { gkeIdentityStorage } from "./gke/gke-identity-storage.ts";

export interface IdentityArgs {
  identity: ExistingConfig["identity"];
  /** Who keeps data in the bucket. */
  clients: StorageClient[];
  /** Labels or tags of the cloud's resources. */
  labels: Config["labels"];
}

interface IdentityStorage {
  capabilities: Partial<ClusterCapabilities>;
  objectStorage: ObjectStorage;
}

/** The bucket of a cluster that is there already, by the identity that its cloud gives service accounts. */
export function identityStorage(
  name: string,
  { identity, ...args }: IdentityArgs,
  opts: pulumi.ComponentResourceOptions,
): IdentityStorage | undefined {
  switch (identity?.kind) {
    case undefined:
      return undefined;
    case "gke":
      return gkeIdentityStorage(name, identity, args, opts);
    case "eks":
      return eksIdentityStorage(name, identity, args, opts);
  }
}
