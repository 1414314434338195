import type { EksConfig } from "../../config/cluster.ts";
import { type ClusterTraits, plainTraits } from "./cluster.ts";

/** What any EKS cluster has whose pods use IAM roles for service accounts. */
export function eksIdentityTraits({ region }: { region: string }): Partial<ClusterTraits> {
  return {
    // The token service has no fixed address.
    identityEndpoints: [{ cidr: "0.0.0.0/0", ports: [443] }],
    storageEnvironment: { AWS_REGION: region },
  };
}

/** What is known of an EKS cluster by its configuration alone. */
export function eksTraits(cluster: EksConfig): ClusterTraits {
  return {
    ...plainTraits,
    ...eksIdentityTraits(cluster),
    storageClass: "gp3",
    managedPostgresCidr: cluster.network.cidr,
    protectsData: cluster.deletionProtection,
  };
}
