import type * as pulumi from "@pulumi/pulumi";
import type { GkeIdentity } from "./data/schema.ts";
import type { IdentityStorage, IdentityStorageArgs } from "../constructor.ts";
import { workloadPoolOf } from "./gke-identity.ts";
import { gkeProvider, googleLabels } from "./gke-provider.ts";
import { GkeStorage } from "./gke-storage.ts";
import { gkeIdentityCapabilities } from "./gke-capabilities.ts";

/** A bucket and service accounts for an existing GKE cluster, in its project's only Workload Identity pool. */
export function gkeIdentityStorage(
  name: string,
  { name: prefix, project, region, deletionProtection }: GkeIdentity,
  { clients, labels }: IdentityStorageArgs,
  opts: pulumi.ComponentResourceOptions,
): IdentityStorage {
  const provider = gkeProvider(name, { project, region, labels: googleLabels(labels) }, opts);
  const workloadPool = workloadPoolOf(project);
  const args = { prefix, project, region, clients, workloadPool, deletionProtection };
  const objectStorage = new GkeStorage(prefix, args, { ...opts, providers: [provider] });
  return { capabilities: gkeIdentityCapabilities, objectStorage };
}
