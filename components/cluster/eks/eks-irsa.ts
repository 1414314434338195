import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceAccountRef } from "../../clients.ts";
import { type PolicyDocument, policyDocument } from "./eks-policies.ts";

/** What signs the tokens of a cluster's service accounts. */
export interface OidcProvider {
  arn: pulumi.Input<string>;
  /** Address without `https://`, e.g. `oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE`. */
  issuer: pulumi.Input<string>;
}

export interface IrsaRoleArgs {
  oidc: OidcProvider;
  /** The one service account that may take the role. */
  account: ServiceAccountRef;
  /** Path of the role, e.g. `/mlops/`, by which an administrator's policy can name all of them. */
  path: string;
  /** What it may do beyond the managed policies. @default - nothing */
  policy?: pulumi.Input<PolicyDocument>;
  /** ARNs of AWS's own policies. @default - [] */
  managedPolicyArns?: string[];
}

/**
 * A role that exactly one service account may take (IRSA), and what it may do.
 *
 * ```ts
 * const role = new IrsaRole("logs", { oidc, account: { namespace: "mlops", name: "airflow-worker" }, path: "/mlops/", policy });
 * ```
 */
export class IrsaRole extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** Of the service account. */
  readonly annotations: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: IrsaRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:eks-irsa:IrsaRole", name, {}, opts);
    const { oidc, account, path, policy, managedPolicyArns = [] } = args;
    const child = { parent: this };
    const assumeRolePolicy = pulumi
      .all([oidc.arn, oidc.issuer])
      .apply(([arn, issuer]) => JSON.stringify(trustPolicy({ arn, issuer }, account)));
    const role = new aws.iam.Role(name, { path, assumeRolePolicy }, child);
    if (policy !== undefined) {
      const document = pulumi.output(policy).apply((plain) => JSON.stringify(plain));
      new aws.iam.RolePolicy(name, { role: role.id, policy: document }, child);
    }
    for (const policyArn of managedPolicyArns) {
      const policyName = policyArn.slice(policyArn.lastIndexOf("/") + 1);
      new aws.iam.RolePolicyAttachment(`${name}-${policyName}`, { role: role.name, policyArn }, child);
    }
    this.arn = role.arn;
    this.annotations = role.arn.apply((arn): Record<string, string> => ({ "eks.amazonaws.com/role-arn": arn }));
    this.registerOutputs({ arn: this.arn, annotations: this.annotations });
  }
}

/**
 * Lets one service account take a role, and no other: by its name, and by the audience that only EKS gives its tokens.
 *
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
 */
export function trustPolicy(
  { arn, issuer }: { arn: string; issuer: string },
  { namespace, name }: ServiceAccountRef,
): PolicyDocument {
  return policyDocument({
    Effect: "Allow",
    Principal: { Federated: arn },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: {
        [`${issuer}:sub`]: `system:serviceaccount:${namespace}:${name}`,
        [`${issuer}:aud`]: "sts.amazonaws.com",
      },
    },
  });
}
