import { podGroups } from "../components/parts.ts";

/** One resource that may break one rule. */
export interface Exception {
  /** Id of the rule. */
  rule: string;
  /** The resource: `Kind/name` of an object in any namespace, `type name` of others. */
  resource: string;
  /** Why that is right here. */
  reason: string;
}

/** Workloads of one pod, with the reason. */
const replicas: Record<string, string> = {
  ...Object.fromEntries(
    Object.entries(podGroups).flatMap(([name, { singleReplica }]) =>
      singleReplica === undefined ? [] : [[`${singleReplica.kind}/${name}`, singleReplica.reason]],
    ),
  ),
  "Deployment/cluster-autoscaler": "of two, only the leader works; a new pod reads its state from the cluster",
};

/** Every exception; each is a decision with a reason. */
export const exceptions: readonly Exception[] = [
  ...Object.entries(replicas)
    .toSorted()
    .map(([resource, reason]) => ({ rule: "single-replica-has-reason", resource, reason })),
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
];
