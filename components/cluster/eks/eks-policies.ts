/** A policy document of IAM, for an identity, a trust or a resource. */
export interface PolicyDocument {
  Version: "2012-10-17";
  Statement: Statement[];
}

interface Statement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Principal?: "*" | { Service: string } | { Federated: string } | { AWS: string };
  Action: string | string[];
  /** Absent in a trust policy. */
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** A whole document of its statements. */
export function policyDocument(...statements: Statement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}

/** Who may take a role: one of the cloud's services, such as `ec2.amazonaws.com`. */
export function serviceTrust(service: string): PolicyDocument {
  return policyDocument({ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" });
}

/**
 * ARN of a policy that AWS itself keeps.
 *
 * @param path of the policy, e.g. `AmazonEKSClusterPolicy` or `service-role/AmazonEBSCSIDriverPolicy`
 */
export function awsManagedPolicy(region: string, path: string): string {
  return `arn:${partitionOf(region)}:iam::aws:policy/${path}`;
}

/**
 * The partition that a region belongs to.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
