import { withMatchers } from "../../lib/promql.ts";

/** Whose metrics a query may see in a Prometheus that has those of a whole cluster. */
export interface Scope {
  /** The platform's namespace. */
  platform: string;
  /** That, and the projects'. */
  namespaces: readonly string[];
}

/** Label of every alert, by which the platform's are told from others. */
export const alertLabel = "platform";

/**
 * A query of `alerts/` or `dashboards/`, which are written for a Prometheus that sees one platform, for one that sees more.
 *
 * What is of nodes stays as it is: nodes belong to no namespace.
 */
export function scopedQuery(query: string, { platform, namespaces }: Scope): string {
  const inPlatform = `namespace="${platform}"`;
  const inNamespaces = `namespace=~"${namespaces.join("|")}"`;
  return withMatchers(query, (metric, own) => {
    if (metric === "ALERTS") return [`${alertLabel}="${platform}"`];
    if (metric.startsWith("machine_") || isOfNode(own)) return [];
    // The platform's own Prometheus keeps the series of whole pods; with those of their containers, a sum would be double.
    if (metric.startsWith("container_")) return [inNamespaces, 'container=""'];
    return /^(kube|kubelet)_/.test(metric) ? [inNamespaces] : [inPlatform];
  });
}

/** Whether matchers select the series of a whole node, which cAdvisor calls the root of all cgroups. */
export function isOfNode(matchers: string): boolean {
  return /\bid="\/"/.test(matchers);
}
