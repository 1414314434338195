import type * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import type { ExistingConfig } from "../../config/cluster.ts";
import type { StorageClient } from "../clients.ts";
import type { ClusterTraits, ObjectStorage } from "./cluster.ts";
import { eksIdentityTraits } from "./eks-traits.ts";
import { gkeIdentityTraits } from "./gke-traits.ts";

export interface IdentityArgs {
  identity: ExistingConfig["identity"];
  /** Who keeps data in the bucket. */
  clients: StorageClient[];
  /** Labels or tags of the cloud's resources. */
  labels: Config["labels"];
}

interface IdentityStorage {
  traits: Partial<ClusterTraits>;
  objectStorage: ObjectStorage;
}

/** The bucket of a cluster that is there already, by the identity that its cloud gives service accounts. */
export function identityStorage(
  name: string,
  { identity, clients, labels }: IdentityArgs,
  opts: pulumi.ComponentResourceOptions,
): IdentityStorage | undefined {
  switch (identity?.kind) {
    case undefined:
      return undefined;
    case "gke":
    case "eks":
      throw new Error(
        `${name}: ${identity.kind} ${clients.length} ${Object.keys(labels).length} ${String(opts)} ${String(gkeIdentityTraits)} ${String(eksIdentityTraits)}`,
      );
  }
}
