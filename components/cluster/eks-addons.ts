import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { IrsaRole, type OidcProvider } from "./eks-irsa.ts";
import { awsManagedPolicy } from "./eks-policies.ts";

/** An add-on of EKS by its own name. */
export type AddonName = "vpc-cni" | "kube-proxy" | "coredns" | "aws-ebs-csi-driver";

export interface EksAddonsArgs {
  clusterName: pulumi.Input<string>;
  region: string;
  addons: AddonName[];
  oidc: OidcProvider;
  /** Path of the roles. */
  rolePath: string;
  /** Tags of the volumes, which get none of the provider's. */
  tags: Record<string, string>;
}

/**
 * Add-ons of EKS in the version that EKS has as the default of the cluster's own.
 *
 * Nodes are not ready without the network's, and the others are not healthy without nodes: two of these components.
 *
 * ```ts
 * const addons = new EksAddons("network-addons", { clusterName, region, addons: ["vpc-cni"], oidc, rolePath: "/mlops/", tags: {} });
 * ```
 */
export class EksAddons extends pulumi.ComponentResource {
  constructor(name: string, args: EksAddonsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:eks-addons:EksAddons", name, {}, opts);
    const child = { parent: this };
    const { clusterName, region, oidc, rolePath: path } = args;
    for (const addonName of args.addons) {
      const { account, policy, settings } = addonTable(args.tags)[addonName];
      const identity = account && {
        serviceAccountRoleArn: new IrsaRole(
          `${name}-${addonName}`,
          {
            oidc,
            account: { namespace: "kube-system", name: account },
            path,
            managedPolicyArns: [awsManagedPolicy(region, policy)],
          },
          child,
        ).arn,
      };
      new aws.eks.Addon(
        `${name}-${addonName}`,
        {
          clusterName,
          addonName,
          ...identity,
          ...(settings && { configurationValues: JSON.stringify(settings) }),
          resolveConflictsOnCreate: "OVERWRITE",
          resolveConflictsOnUpdate: "OVERWRITE",
        },
        child,
      );
    }
    this.registerOutputs({});
  }
}

interface AddonRow {
  /** Service account in kube-system that has a role of its own, with AWS's policy for it. */
  account?: string;
  policy: string;
  settings?: object;
}

/** What each add-on is given; `aws eks describe-addon-configuration` has the schema of its settings. */
function addonTable(tags: Record<string, string>): Record<AddonName, AddonRow> {
  return {
    "vpc-cni": {
      account: "aws-node",
      policy: "AmazonEKS_CNI_Policy",
      // Prefixes let a node have more pods than its network interfaces have addresses.
      settings: { enableNetworkPolicy: "true", env: { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" } },
    },
    "kube-proxy": { policy: "" },
    coredns: { policy: "" },
    "aws-ebs-csi-driver": {
      account: "ebs-csi-controller-sa",
      policy: "service-role/AmazonEBSCSIDriverPolicy",
      settings: { controller: { extraVolumeTags: tags } },
    },
  };
}
