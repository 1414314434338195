import * as pulumi from "@pulumi/pulumi";
import type { AddonName } from "./eks-addons.ts";
import { IrsaRole, type OidcProvider } from "../eks-irsa.ts";
import { awsManagedPolicy } from "../eks-policies.ts";

export interface EksAddonRolesArgs {
  region: string;
  oidc: OidcProvider;
  /** Path of the roles. */
  rolePath: string;
}

/**
 * The roles of the add-ons that call AWS, with the policies that AWS keeps for them.
 *
 * Apart from the add-ons, so that nodes can depend on them: what runs on a node keeps its role as long as the node.
 *
 * ```ts
 * const { arns } = new EksAddonRoles("addon-roles", { region, oidc, rolePath: "/mlops/" });
 * ```
 */
export class EksAddonRoles extends pulumi.ComponentResource {
  readonly arns: Partial<Record<AddonName, pulumi.Output<string>>>;

  constructor(
    name: string,
    { region, oidc, rolePath: path }: EksAddonRolesArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("mlops:eks-addon-roles:EksAddonRoles", name, {}, opts);
    const role = (addon: AddonName, account: string, policy: string) => {
      const managedPolicyArns = [awsManagedPolicy(region, policy)];
      const args = { oidc, account: { namespace: "kube-system", name: account }, path, managedPolicyArns };
      return new IrsaRole(`${name}-${addon}`, args, { parent: this }).arn;
    };
    this.arns = {
      "vpc-cni": role("vpc-cni", "aws-node", "AmazonEKS_CNI_Policy"),
      "aws-ebs-csi-driver": role(
        "aws-ebs-csi-driver",
        "ebs-csi-controller-sa",
        "service-role/AmazonEBSCSIDriverPolicy",
      ),
    };
    this.registerOutputs({ arns: this.arns });
  }
}
