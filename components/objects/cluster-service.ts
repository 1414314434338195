import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { labels, selectorLabels } from "./labels.ts";
import { skipAwait } from "./rollout.ts";

/**
 * A Service in front of a component's pods, for clients inside the cluster.
 *
 * @param name of the Service and of the component
 * @param ports by name; each leads to the container's port of that name
 */
export function clusterService(
  name: string,
  namespace: pulumi.Input<string>,
  ports: Record<string, number>,
): k8s.core.v1.ServiceArgs {
  return {
    metadata: { name, namespace, labels: labels(name), annotations: skipAwait },
    spec: {
      selector: selectorLabels(name),
      ports: Object.entries(ports).map(([port, number]) => ({ name: port, port: number, targetPort: port })),
    },
  };
}
