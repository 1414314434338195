import type * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import { ConfigError } from "../../config/errors.ts";
import type { ExistingConfig, GkeIdentity } from "../../config/cluster.ts";
import type { StorageClient } from "../clients.ts";
import type { ClusterTraits, ObjectStorage } from "./cluster.ts";
import { workloadPoolOf } from "./gke-identity.ts";
import { gkeProvider, googleLabels } from "./gke-provider.ts";
import { GkeStorage } from "./gke-storage.ts";
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

/**
 * The bucket of a cluster that is there already, by the identity that its cloud gives service accounts.
 *
 * @throws ConfigError for an identity that the schema knows and this version does not make yet
 */
export function identityStorage(
  args: IdentityArgs,
  opts: pulumi.ComponentResourceOptions,
): IdentityStorage | undefined {
  const { identity } = args;
  switch (identity?.kind) {
    case undefined:
      return undefined;
    case "gke":
      return { traits: gkeIdentityTraits, objectStorage: gkeIdentityStorage(identity, args, opts) };
    case "eks": {
      const fix = "pulumi config rm --path 'cluster.identity'";
      const found = JSON.stringify(identity.kind);
      throw new ConfigError([{ key: "cluster.identity.kind", found, allowed: "no identity in this version", fix }]);
    }
  }
}

/** Google's side of it: the cluster has its Workload Identity pool, the one of the project. */
function gkeIdentityStorage(
  { name: prefix, project, region, deletionProtection }: GkeIdentity,
  { clients, labels }: IdentityArgs,
  opts: pulumi.ComponentResourceOptions,
): ObjectStorage {
  const provider = gkeProvider("identity", { project, region, labels: googleLabels(labels) }, opts);
  const workloadPool = workloadPoolOf(project);
  const args = { prefix, project, region, clients, workloadPool, deletionProtection };
  return new GkeStorage(prefix, args, { ...opts, provider });
}
