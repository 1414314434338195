import { resourceOf } from "../../components/cluster/kinds.ts";
import type { Rule } from "../rule.ts";
import { kubernetesObject, parsed, type Resource, textsAt } from "../../lib/resource.ts";
import { podsOf } from "../pods.ts";

/** The labels by which a bill is split. */
const cloudKeys = ["cost-center", "environment"];
const clusterKeys = ["app.kubernetes.io/name", "app.kubernetes.io/part-of"];

/** Labels or tags of a cloud's resource, its provider's defaults among them, which are JSON there. */
export function tagsOf({ type, inputs, provider }: Resource): Record<string, string> {
  const path = resourceOf({ type })?.tags;
  if (path === undefined) return {};
  return {
    ...textsAt(provider, "defaultLabels"),
    ...textsAt(parsed(provider.defaultTags), "tags"),
    ...textsAt(inputs, path),
  };
}

export const costLabels: Rule = {
  id: "cost-labels",
  severity: "low",
  enforcement: "advisory",
  description: "Every resource that costs money names its purpose: tags in the cloud, labels on workloads and volumes.",
  remediation:
    "Set cost-center and environment in the configuration key labels. Objects use components/objects/labels.ts.",
  evaluate: (resource) => {
    if (resourceOf(resource)?.tags !== undefined) {
      const tags = tagsOf(resource);
      return cloudKeys.filter((key) => tags[key] === undefined).map((key) => `has no label ${key}`);
    }
    const object = kubernetesObject(resource);
    if (object?.kind !== "PersistentVolumeClaim" && podsOf(resource).length === 0) return [];
    const labels = textsAt(resource.inputs, "metadata.labels");
    return clusterKeys.filter((key) => labels[key] === undefined).map((key) => `has no label ${key}`);
  },
};
