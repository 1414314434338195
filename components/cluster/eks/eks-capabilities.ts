import { eksKind } from "./data/kind.ts";
import type { EksConfig } from "./data/schema.ts";
import { type ClusterCapabilities, plainCapabilities } from "../cluster.ts";
import { eksLoadBalancing } from "./eks-load-balancing.ts";
import { tagsOf } from "./eks-tags.ts";

/** What any EKS cluster has whose pods use IAM roles for service accounts. */
export function eksIdentityCapabilities({ region }: { region: string }): Partial<ClusterCapabilities> {
  return {
    identityEndpoints: eksKind.cloud.identityEndpoints,
    storageEnvironment: { AWS_REGION: region },
  };
}

/** What is known of an EKS cluster by its configuration alone. */
export function eksCapabilities(cluster: EksConfig, labels: Record<string, string>): ClusterCapabilities {
  return {
    ...plainCapabilities,
    ...eksIdentityCapabilities(cluster),
    storageClass: eksStorageClass,
    loadBalancing: eksLoadBalancing(tagsOf(labels)),
    managedPostgresCidr: cluster.network.cidr,
  };
}

/** Name of the class that eks-storage-class.ts makes. */
export const eksStorageClass = "gp3";
