import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { makeSiteObjects, noSiteObjects, type SiteObjects } from "../site/site-objects.ts";
import { labels } from "./labels.ts";
import { siteRulesLabel } from "../network/site-rules.ts";
import { platformLabel, type PlatformSign, stackAnnotation } from "../ownership/platform-sign.ts";

export interface RestrictedNamespaceArgs {
  /** Its name in the cluster. @default - the resource's */
  namespace?: string;
  /** What it is for. */
  component: "platform" | "project";
  /** The platform that owns it. */
  sign: PlatformSign;
  /** Whether the program denies what no policy of its own allows; otherwise the site's rules stand. */
  networkPolicies: boolean;
  /** What the site wants in it; other objects in the namespace wait for these. @default - nothing */
  siteObjects?: SiteObjects;
}

/**
 * A namespace that refuses every pod which is not `restricted` and every
 * connection which no NetworkPolicy allows.
 */
export class RestrictedNamespace extends pulumi.ComponentResource {
  readonly namespaceName: pulumi.Output<string>;
  /** The namespace itself, for objects that need its name as plain text and declare the dependency themselves. */
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
            ...(args.networkPolicies ? {} : siteRulesLabel),
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
    const made = makeSiteObjects(name, namespace.metadata.name, args.siteObjects ?? noSiteObjects, { parent: this });
    this.namespaceName = pulumi.all([namespace.metadata.name, made]).apply(([it]) => it);
    if (args.networkPolicies) this.denyByDefault(name);
    this.registerOutputs({ namespaceName: this.namespaceName });
  }

  private denyByDefault(name: string): void {
    new k8s.networking.v1.NetworkPolicy(
      `${name}-default-deny`,
      {
        metadata: { name: "default-deny", namespace: this.namespaceName, labels: labels("network-policies") },
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      },
      { parent: this },
    );
  }
}
