import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { makeSiteObjects, noSiteObjects, type SiteObjects } from "../site/site-objects.ts";
import { labels } from "./labels.ts";
import { labelCommand, namespaceLabels } from "../ownership/namespace-labels.ts";
import { type PlatformSign, stackAnnotation } from "../ownership/platform-sign.ts";

export interface RestrictedNamespaceArgs {
  /** Its name in the cluster. @default - the resource's */
  namespace?: string;
  /** What it is for. */
  component: "platform" | "project";
  /** The platform that owns it. */
  sign: PlatformSign;
  /** Whether the program denies what no policy of its own allows; otherwise the site's rules stand. */
  networkPolicies: boolean;
  /** Whether it is created; otherwise it exists, and its labels are its owner's duty. @default true */
  create?: boolean;
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
    const { create = true, networkPolicies, siteObjects = noSiteObjects } = args;
    this.object = create ? this.created(name, args) : this.existing(name, args);
    const inCluster = create ? this.object.metadata.name : this.object.id;
    const made = makeSiteObjects(name, inCluster, siteObjects, { parent: this });
    this.namespaceName = pulumi.all([inCluster, made]).apply(([it]) => it);
    if (networkPolicies) this.denyByDefault(name);
    const { namespaceName } = this;
    // What a preview shows; nothing where the program sets the labels itself.
    this.registerOutputs({ namespaceName, ...(create ? {} : { labelCommand: commandFor(name, args) }) });
  }

  private created(name: string, args: RestrictedNamespaceArgs): k8s.core.v1.Namespace {
    const metadata = {
      name: args.namespace ?? name,
      labels: { ...labels(name, args.component), ...namespaceLabels(args.sign.id) },
      annotations: { [stackAnnotation]: args.sign.stack },
    };
    return new k8s.core.v1.Namespace(name, { metadata }, { parent: this });
  }

  /** One that the site has created: it is read, and stays when the stack is destroyed. */
  private existing(name: string, { namespace = name, sign }: RestrictedNamespaceArgs): k8s.core.v1.Namespace {
    // After the answer whether it may be had, which says better what is missing.
    const id = sign.id.apply(() => namespace);
    return k8s.core.v1.Namespace.get(name, id, { parent: this });
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

/** How the site labels a namespace of its own. */
function commandFor(name: string, { namespace = name, sign }: RestrictedNamespaceArgs) {
  return sign.id.apply((id) => labelCommand([namespace], namespaceLabels(id)));
}
