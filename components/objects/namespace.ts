import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labels } from "./labels.ts";
import { platformLabel, type PlatformSign, stackAnnotation } from "../ownership/platform-sign.ts";

export interface RestrictedNamespaceArgs {
  /** Its name in the cluster. @default - the resource's */
  namespace?: string;
  /** What it is for. */
  component: "platform" | "project";
  /** The platform that owns it. */
  sign: PlatformSign;
}

/**
 * A namespace that refuses every pod which is not `restricted` and every
 * connection which no NetworkPolicy allows.
 */
export class RestrictedNamespace extends pulumi.ComponentResource {
  readonly namespaceName: pulumi.Output<string>;
  /** For what has to name it by a plain text, and waits for it all the same. */
  readonly object: k8s.core.v1.Namespace;

  constructor(name: string, args: RestrictedNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:namespace:RestrictedNamespace", name, {}, opts);
    const level = "restricted";
    const namespace = new k8s.core.v1.Namespace(
      name,
      {
        metadata: {
          name: args.namespace ?? name,
          labels: {
            ...labels(name, args.component),
            [platformLabel]: args.sign.id,
            "pod-security.kubernetes.io/enforce": level,
            "pod-security.kubernetes.io/audit": level,
            "pod-security.kubernetes.io/warn": level,
          },
          annotations: { [stackAnnotation]: args.sign.stack },
        },
      },
      { parent: this },
    );
    this.object = namespace;
    this.namespaceName = namespace.metadata.name;
    new k8s.networking.v1.NetworkPolicy(
      `${name}-default-deny`,
      {
        metadata: { name: "default-deny", namespace: this.namespaceName, labels: labels("network-policies") },
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      },
      { parent: this },
    );
    this.registerOutputs({ namespaceName: this.namespaceName });
  }
}
