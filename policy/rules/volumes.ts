import { dataNameOf } from "../../config/data-holders.ts";
import { keepsData } from "../../config/data-names.ts";
import { at, textAt } from "../../lib/json.ts";
import type { Resource, Violation } from "../../lib/resource.ts";
import type { Rule } from "../rule.ts";
import type { Settings } from "../settings.ts";

const projects = "project-namespaces";

/** The objects of a cluster that must not be deleted by accident; none if the stack is disposable. */
function kept(resource: Resource, { environment, allowDataLoss }: Settings): string | undefined {
  if (!resource.type.startsWith("kubernetes:") || !keepsData({ environment: environment ?? "" })) return undefined;
  const data = dataNameOf(resource);
  return data === undefined || allowDataLoss.includes(data) ? undefined : data;
}

/** A protected entry of the state that names the namespace and is replaced with it; see components/project/project-entry.ts. */
function guards(name: string | undefined): (resource: Resource) => boolean {
  return ({ type, inputs, protect }) =>
    protect && type === "random:index/randomId:RandomId" && at(inputs, "keepers.namespace") === name;
}

export const volumesProtected: Rule = {
  id: "volumes-protected",
  severity: "high",
  enforcement: "mandatory",
  description: "Volumes and namespaces are protected unless the stack is for development.",
  remediation:
    "Let components/ownership/protection.ts set the option protect. Name data to delete in allowDataLoss, or set labels.environment to development.",
  evaluate: (resource, settings) => {
    const data = kept(resource, settings);
    return data === undefined || data === projects || resource.protect ? [] : ["lacks the option protect"];
  },
  evaluateStack: (resources, settings): Violation[] =>
    resources
      .filter((resource) => kept(resource, settings) === projects)
      .filter(({ inputs }) => !resources.some(guards(textAt(inputs, "metadata.name"))))
      .map((resource) => ({ resource, message: "is not guarded by a protected entry" })),
};
