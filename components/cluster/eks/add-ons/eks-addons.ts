import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EksConfig } from "../data/schema.ts";

/** An add-on of EKS by its own name. */
export type AddonName = "vpc-cni" | "kube-proxy" | "coredns" | "aws-ebs-csi-driver";

export interface EksAddonsArgs extends Pick<EksConfig, "networkPolicyMode"> {
  clusterName: pulumi.Input<string>;
  /** Kubernetes version of the control plane, e.g. `1.35`. */
  version: pulumi.Input<string>;
  addons: AddonName[];
  /** Of those that call AWS. */
  roleArns: Partial<Record<AddonName, pulumi.Input<string>>>;
  /** Tags of the volumes, which get none of the provider's. */
  tags: Record<string, string>;
}

/**
 * Add-ons of EKS in the version that EKS has as the default of the cluster's own, at each update of the stack: EKS
 * itself changes no add-on, not even with the control plane.
 *
 * Nodes are not ready without the network's, and the others are not healthy without nodes: two of these components.
 *
 * ```ts
 * const addons = new EksAddons("network-addons", { clusterName, version, networkPolicyMode: "strict", addons: ["vpc-cni"], … });
 * ```
 */
export class EksAddons extends pulumi.ComponentResource {
  constructor(name: string, args: EksAddonsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:eks-addons:EksAddons", name, {}, opts);
    const { clusterName, version: kubernetesVersion, roleArns } = args;
    for (const addonName of args.addons) {
      const { settings, preserve } = addonTable(args)[addonName];
      const asked = { addonName, kubernetesVersion };
      const addonVersion = aws.eks.getAddonVersionOutput(asked, { parent: this }).version;
      const serviceAccountRoleArn = roleArns[addonName];
      new aws.eks.Addon(
        `${name}-${addonName}`,
        {
          clusterName,
          addonName,
          addonVersion,
          ...(serviceAccountRoleArn && { serviceAccountRoleArn }),
          ...(settings && { configurationValues: JSON.stringify(settings) }),
          ...(preserve && { preserve }),
          resolveConflictsOnCreate: "OVERWRITE",
          resolveConflictsOnUpdate: "OVERWRITE",
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}

interface AddonRow {
  settings?: object;
  /** Whether its pods stay when the add-on goes. @default - false */
  preserve?: boolean;
}

/** What each add-on is given; `aws eks describe-addon-configuration` has the schema of its settings. */
function addonTable({ tags, networkPolicyMode }: EksAddonsArgs): Record<AddonName, AddonRow> {
  // Prefixes let a node have more pods than its network interfaces have addresses.
  const env = { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" };
  const mode = networkPolicyMode === "strict" ? { NETWORK_POLICY_ENFORCING_MODE: "strict" } : {};
  return {
    "vpc-cni": { settings: { enableNetworkPolicy: "true", env: { ...env, ...mode } } },
    "kube-proxy": {},
    coredns: {},
    "aws-ebs-csi-driver": {
      settings: { controller: { extraVolumeTags: tags } },
      // A volume is deleted after its claim, and a destroy does not wait for it.
      preserve: true,
    },
  };
}
