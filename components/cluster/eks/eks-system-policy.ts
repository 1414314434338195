import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { labels } from "../../objects/labels.ts";

/**
 * Lets every pod of kube-system through, as without a policy: in the VPC CNI's mode `strict`, a pod that no policy
 * selects has no network, CoreDNS and the add-ons included.
 *
 * A destroy leaves it to the cluster's own end: AWS's controller must remove a finalizer, and it goes with the add-on
 * of the VPC CNI, which comes later than the policy and therefore goes before it. A name of its own each time, so that one
 * that a broken-off destroy has left is in nothing's way.
 *
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html
 */
export function openSystemPods(
  name: string,
  opts: pulumi.CustomResourceOptions & { parent: pulumi.Resource },
): k8s.networking.v1.NetworkPolicy {
  const suffix = new random.RandomId(name, { byteLength: 4 }, { parent: opts.parent }).hex;
  return new k8s.networking.v1.NetworkPolicy(
    name,
    {
      metadata: {
        name: pulumi.interpolate`allow-all-${suffix}`,
        namespace: "kube-system",
        labels: labels("network-policies"),
      },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [{}], egress: [{}] },
    },
    { ...opts, retainOnDelete: true },
  );
}
