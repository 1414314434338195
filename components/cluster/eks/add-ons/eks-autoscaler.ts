import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Images } from "../../../images.ts";
import { labels, selectorLabels } from "../../../objects/labels.ts";
import { restrictedPodSpec } from "../../../objects/restricted.ts";
import { autoscalerFor } from "../data/autoscalers.ts";
import { IrsaRole, type OidcProvider } from "../eks-irsa.ts";
import { autoscalerPolicy, autoscalerRules } from "./eks-autoscaler-rules.ts";

export interface EksAutoscalerArgs {
  clusterName: string;
  /** Kubernetes version of the control plane, e.g. `1.35`. */
  version: pulumi.Input<string>;
  region: string;
  /** Most nodes of all groups together. */
  maxNodes: number;
  oidc: OidcProvider;
  /** Path of the roles. */
  rolePath: string;
  images: Images;
}

const namespace = "kube-system";
const user = 65534;

/**
 * The Cluster Autoscaler: adds a node to a group when a pod has no place, and removes one that is not needed.
 *
 * It requests 50m CPU and 128 MiB of memory.
 *
 * ```ts
 * new EksAutoscaler("cluster-autoscaler", { clusterName: "mlops", version, region, maxNodes: 3, oidc, rolePath, images });
 * ```
 */
export class EksAutoscaler extends pulumi.ComponentResource {
  constructor(name: string, args: EksAutoscalerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:eks-autoscaler:EksAutoscaler", name, {}, opts);
    const child = { parent: this };
    const { clusterName, oidc, rolePath: path } = args;
    const policy = autoscalerPolicy(clusterName, args.region);
    const role = new IrsaRole(name, { oidc, account: { namespace, name }, path, policy }, child);
    const metadata = { name, namespace, labels: labels(name) };
    const account = new k8s.core.v1.ServiceAccount(
      name,
      { metadata: { ...metadata, annotations: role.annotations }, automountServiceAccountToken: false },
      child,
    );
    const subjects = [{ kind: "ServiceAccount", name: account.metadata.name, namespace }];
    const ofGroup = { apiGroup: "rbac.authorization.k8s.io" };
    const clusterWide = { name, labels: labels(name) };
    const { cluster, own } = autoscalerRules(name);
    const clusterRole = new k8s.rbac.v1.ClusterRole(name, { metadata: clusterWide, rules: cluster }, child);
    const clusterRef = { ...ofGroup, kind: "ClusterRole", name: clusterRole.metadata.name };
    new k8s.rbac.v1.ClusterRoleBinding(name, { metadata: clusterWide, roleRef: clusterRef, subjects }, child);
    const ownRole = new k8s.rbac.v1.Role(name, { metadata, rules: own }, child);
    const ownRef = { ...ofGroup, kind: "Role", name: ownRole.metadata.name };
    new k8s.rbac.v1.RoleBinding(name, { metadata, roleRef: ownRef, subjects }, child);
    const template = { metadata: { labels: labels(name) }, spec: podSpec(name, args, account.metadata.name) };
    const spec = { replicas: 1, selector: { matchLabels: selectorLabels(name) }, template };
    new k8s.apps.v1.Deployment(name, { metadata, spec }, child);
    this.registerOutputs({});
  }
}

function podSpec(
  name: string,
  { clusterName, version, region, maxNodes, images }: EksAutoscalerArgs,
  serviceAccountName: pulumi.Input<string>,
): k8s.types.input.core.v1.PodSpec {
  return restrictedPodSpec(user, {
    serviceAccountName,
    // It watches the API server.
    automountServiceAccountToken: true,
    priorityClassName: "system-cluster-critical",
    containers: [
      {
        name,
        image: pulumi.output(version).apply((minor) => images.public(autoscalerFor(minor))),
        command: ["./cluster-autoscaler"],
        args: flags(clusterName, maxNodes),
        env: [{ name: "AWS_REGION", value: region }],
        ports: [{ name: "metrics", containerPort: 8085 }],
        livenessProbe: { httpGet: { path: "/health-check", port: "metrics" }, periodSeconds: 20, timeoutSeconds: 10 },
        resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "1", memory: "512Mi" } },
      },
    ],
  });
}

/** Source: https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md#what-are-the-parameters-to-ca */
function flags(clusterName: string, maxNodes: number): string[] {
  const tags = ["k8s.io/cluster-autoscaler/enabled", `k8s.io/cluster-autoscaler/${clusterName}`];
  return [
    "--cloud-provider=aws",
    `--namespace=${namespace}`,
    // EKS puts these tags on the groups of managed nodes.
    `--node-group-auto-discovery=asg:tag=${tags.join(",")}`,
    `--max-nodes-total=${maxNodes}`,
    "--expander=least-waste",
    // A pod of kube-system or one with an emptyDir would else keep its node for good.
    "--skip-nodes-with-system-pods=false",
    "--skip-nodes-with-local-storage=false",
  ];
}
