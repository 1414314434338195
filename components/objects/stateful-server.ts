import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { labels, selectorLabels } from "./labels.ts";

interface StatefulServerArgs {
  namespace: pulumi.Input<string>;
  /** Of the pod; a changed one restarts it. */
  annotations: Record<string, pulumi.Input<string>>;
  pod: pulumi.Input<k8s.types.input.core.v1.PodSpec>;
}

/** One server behind the Service of its name. Its claim is the program's own resource, not a template. */
export function statefulServer(name: string, args: StatefulServerArgs): k8s.apps.v1.StatefulSetArgs {
  const { namespace, annotations, pod } = args;
  return {
    metadata: { name, namespace, labels: labels(name) },
    spec: {
      serviceName: name,
      replicas: 1,
      selector: { matchLabels: selectorLabels(name) },
      updateStrategy: { type: "RollingUpdate" },
      template: { metadata: { labels: labels(name), annotations }, spec: pod },
    },
  };
}
