/** Something that a rule would refuse, and why it may be. */
interface Allowed {
  reason: string;
}

/** Where public images come from; a stack's own registry and mirror are allowed beside these. */
export const allowedRegistries: readonly (Allowed & { prefix: string })[] = [
  { prefix: "docker.io/apache/", reason: "releases of the Apache Software Foundation" },
  { prefix: "docker.io/grafana/", reason: "releases of Grafana Labs" },
  { prefix: "docker.io/library/", reason: "Docker's official images, here Postgres and Redis" },
  { prefix: "docker.io/pgsty/", reason: "releases of Silo, the maintained fork of MinIO" },
  { prefix: "quay.io/prometheus/", reason: "releases of the Prometheus project" },
  { prefix: "quay.io/prometheuscommunity/", reason: "releases of the Prometheus community" },
  { prefix: "registry.k8s.io/", reason: "releases of the Kubernetes project" },
];

/**
 * Actions of AWS that name no resource in their API, so that a policy must say `*`.
 *
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const actionsWithoutResource: readonly (Allowed & { action: RegExp })[] = [
  { action: /^ec2:Describe\w+$/, reason: "reading instances, volumes and networks has no resource in its API" },
  {
    action: /^ec2:GetInstanceTypesFromInstanceRequirements$/,
    reason: "lists instance types, an action without resource-level permissions",
  },
  { action: /^ecr:GetAuthorizationToken$/, reason: "a login to the registry of the account" },
  { action: /^elasticloadbalancing:Describe\w+$/, reason: "reading load balancers has no resource in its API" },
  { action: /^autoscaling:Describe\w+$/, reason: "reading groups of machines has no resource in its API" },
  { action: /^sts:GetCallerIdentity$/, reason: "asks who the caller is" },
  { action: /^s3:ListAllMyBuckets$/, reason: "lists the account's buckets" },
];

/** Policies of AWS that would be refused by their name, and may be attached. */
export const allowedManagedPolicies: readonly (Allowed & { name: string })[] = [];
