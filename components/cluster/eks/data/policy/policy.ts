import type { CloudPolicy } from "../../../cloud-policy.ts";
import { actionsWithoutResource } from "./allow-lists.ts";
import { annotations, plaintextProblems } from "./endpoints.ts";
import { wildcardProblems } from "./permissions.ts";
import { encryption, privacy, versions } from "./storage.ts";
import { trustProblems } from "./trust.ts";

/** What the policy knows of AWS. */
export const eksPolicy: CloudPolicy = {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
  keyForms: { "an AWS access key": /\b(AKIA|ASIA)[A-Z0-9]{16}\b/ },
  annotations,
  checks: {
    "no-public-plaintext": { evaluate: plaintextProblems },
    "no-iam-wildcards": { evaluate: wildcardProblems },
    "trust-names-subject-and-audience": { evaluate: trustProblems },
    "storage-not-public": privacy,
    "storage-encrypted": encryption,
    "storage-versioned": versions,
  },
  allowed: actionsWithoutResource.map(({ action, reason }) => ({ permission: `\`${action}\` on \`*\``, reason })),
  exceptions: [
    {
      rule: "single-replica-has-reason",
      resource: "Deployment/cluster-autoscaler",
      reason: "of two pods, only the leader would work; a new pod reads its state from the cluster",
    },
    {
      rule: "no-iam-wildcards",
      resource: "aws:iam/rolePolicy:RolePolicy aws-load-balancer-controller",
      reason:
        "the controller creates load balancers whose names are not known in advance; kinds and region are restricted",
    },
    {
      rule: "workload-has-network-policy",
      resource: "Deployment/cluster-autoscaler",
      reason: "it runs in kube-system, which belongs to the cluster, and no Service leads to it",
    },
  ],
};
