/**
 * Actions of AWS that name no resource in their API, so that a policy must say `*`; at an action's end, `*` is any word.
 *
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const actionsWithoutResource = [
  { action: "ec2:Describe*", reason: "reading instances, volumes and networks has no resource in its API" },
  {
    action: "ec2:GetInstanceTypesFromInstanceRequirements",
    reason: "lists instance types, an action without resource-level permissions",
  },
  { action: "ecr:GetAuthorizationToken", reason: "logs in to the account's registry" },
  { action: "elasticloadbalancing:Describe*", reason: "reading load balancers has no resource in its API" },
  { action: "autoscaling:Describe*", reason: "reading groups of machines has no resource in its API" },
  { action: "sts:GetCallerIdentity", reason: "returns the caller's identity" },
  { action: "s3:ListAllMyBuckets", reason: "lists the account's buckets" },
];
