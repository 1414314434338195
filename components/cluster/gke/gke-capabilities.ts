import type { GkeConfig } from "./data/schema.ts";
import { type ClusterCapabilities, plainCapabilities } from "../cluster.ts";
import { prepareGkeIngress } from "./gke-ingress.ts";

/**
 * Where GKE's metadata server listens, which is where Workload Identity comes from.
 *
 * Source: https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy#network-policy-and-workload-identity
 */
const metadataServer = [
  { cidr: "169.254.169.252/32", ports: [987, 988] },
  { cidr: "169.254.169.254/32", ports: [80] },
];

/** What any GKE cluster has whose pods use Workload Identity. */
export const gkeIdentityCapabilities = { identityEndpoints: metadataServer } satisfies Partial<ClusterCapabilities>;

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
