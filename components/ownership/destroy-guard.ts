import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** What a program has registered. */
export interface Registered {
  /** The components and resources at the root. */
  roots: pulumi.Resource[];
  /** Their children are made by the provider: the program learns of them by an output. */
  charts: k8s.helm.v4.Chart[];
  /** Whether any resource is protected. */
  isProtected: boolean;
}

/** Looks at everything that is registered from now on; comes after what protects resources. */
export function watchRegistrations(): Registered {
  const seen: Registered = { roots: [], charts: [], isProtected: false };
  pulumi.runtime.registerStackTransformation(({ resource, opts }) => {
    const stack = pulumi.runtime.getStackResource();
    if (resource !== stack && (opts.parent === undefined || opts.parent === stack)) seen.roots.push(resource);
    if (resource instanceof k8s.helm.v4.Chart) seen.charts.push(resource);
    seen.isProtected ||= opts.protect === true;
    return undefined;
  });
  return seen;
}

export interface DestroyGuardArgs extends Pick<Registered, "charts" | "isProtected"> {
  /** What must not go before the guard; components stand for their children. */
  roots: pulumi.Output<pulumi.Resource[]> | pulumi.Resource[];
}

/**
 * Depends on everything that a destroy would delete, and is protected where anything is.
 *
 * The engine deletes what depends on a protected resource before it refuses to delete that one, unless a preview comes
 * first: a destroy without one removed most of a protected platform. The guard comes first in a destroy, and is refused.
 * A chart's own objects have a guard below it, since they are known late, and in a preview of a new chart never.
 */
export class DestroyGuard extends pulumi.ComponentResource {
  constructor(name: string, args: DestroyGuardArgs, opts?: pulumi.ComponentResourceOptions) {
    const { charts, isProtected: protect } = args;
    // A copy: the guard itself is registered next.
    const roots = Array.isArray(args.roots) ? [...args.roots] : args.roots;
    super("mlops:destroy-guard:DestroyGuard", name, {}, { ...opts, protect, dependsOn: protect ? roots : [] });
    charts.forEach(({ resources }, i) => {
      // Without a cluster there are none.
      const objects: pulumi.Output<pulumi.Resource[] | undefined> = resources;
      const own = { roots: objects.apply((all) => all ?? []), charts: [], isProtected: protect };
      new DestroyGuard(`${name}-chart-${i + 1}`, own, { parent: this });
    });
    this.registerOutputs({});
  }
}
