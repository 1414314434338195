import { gkeKind } from "./data/kind.ts";
import type { GkeConfig } from "./data/schema.ts";
import { type ClusterCapabilities, plainCapabilities } from "../cluster.ts";
import { prepareGkeIngress } from "./gke-ingress.ts";

/** What any GKE cluster has whose pods use Workload Identity. */
export const gkeIdentityCapabilities: Partial<ClusterCapabilities> = {
  identityEndpoints: gkeKind.cloud.identityEndpoints,
};

/** What is known of a GKE cluster by its configuration alone. */
export function gkeCapabilities(cluster: GkeConfig): ClusterCapabilities {
  return {
    ...plainCapabilities,
    ...gkeIdentityCapabilities,
    storageClass: "standard-rwo",
    loadBalancing: { ...plainCapabilities.loadBalancing, prepareIngress: prepareGkeIngress(cluster.name) },
    managedPostgresCidr: cluster.network.databaseCidr,
  };
}
