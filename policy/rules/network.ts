import { at, isObject, listAt } from "../../lib/json.ts";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";
import { podsOf } from "../pods.ts";
import type { Rule } from "../rule.ts";
import { kubernetesObject, type Resource, textsAt } from "../../lib/resource.ts";

const directions = ["Ingress", "Egress"] as const;

export const coveredByNetworkPolicy: Rule = {
  id: "workload-has-network-policy",
  severity: "high",
  enforcement: "mandatory",
  description:
    "NetworkPolicies select the pods of every workload, and every pod of a namespace, in both directions, unless networkPolicies is false.",
  remediation:
    "Add the default-deny policy of components/objects/namespace.ts, and the pods to their part's `components/<part>/description.ts`.",
  evaluateStack: (resources, { networkPolicies }) => {
    if (!networkPolicies) return [];
    const objects = resources.flatMap((resource) => kubernetesObject(resource) ?? []);
    const policies = objects.filter(({ kind }) => kind === "NetworkPolicy");
    return resources.flatMap((resource) =>
      directions.flatMap((direction) => {
        const ruling = policies.filter((policy) => directionsOf(policy).includes(direction));
        return uncovered(resource, ruling).map((what) => ({
          resource,
          message: `no NetworkPolicy for ${direction} selects ${what}`,
        }));
      }),
    );
  },
};

/** What of a resource no policy selects. */
function uncovered(resource: Resource, policies: readonly KubernetesObject[]): string[] {
  const object = kubernetesObject(resource);
  const isWhole = (policy: KubernetesObject) => policy.metadata.namespace === object?.metadata.name && selects(policy);
  if (object?.kind === "Namespace") return policies.some(isWhole) ? [] : ["all of its pods"];
  return podsOf(resource)
    .filter(({ namespace, labels }) =>
      policies.every((policy) => policy.metadata.namespace !== namespace || !selects(policy, labels)),
    )
    .map(() => "its pods");
}

/** Without policyTypes a policy rules ingress, and egress where it has such rules. */
function directionsOf(policy: KubernetesObject): unknown[] {
  const types = listAt(policy, "spec.policyTypes");
  if (types.length > 0) return types;
  return listAt(policy, "spec.egress").length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
}

/** @param labels of the pods; undefined: any, which only a policy for all of them selects */
function selects(policy: KubernetesObject, labels?: Record<string, string>): boolean {
  const wanted = Object.entries(textsAt(policy, "spec.podSelector.matchLabels"));
  const expressions = listAt(policy, "spec.podSelector.matchExpressions").filter(isObject);
  if (labels === undefined) return wanted.length === 0 && expressions.length === 0;
  return wanted.every(([key, value]) => labels[key] === value) && expressions.every((each) => matches(each, labels));
}

function matches(expression: Record<string, unknown>, labels: Record<string, string>): boolean {
  const value = labels[String(at(expression, "key"))];
  const values = listAt(expression, "values");
  switch (expression.operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
