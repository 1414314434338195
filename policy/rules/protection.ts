import type { Guard } from "../../components/cluster/kind.ts";
import { isCloudResource, resourceOf } from "../../components/cluster/kinds.ts";
import { at } from "../../lib/json.ts";
import type { Rule } from "../rule.ts";
import { type Resource, textsAt } from "../../lib/resource.ts";
import type { Settings } from "../settings.ts";
import { tagsOf } from "./cost-labels.ts";

/** Whether an input has the value that a guard requires. */
const holds: Record<Guard, (value: unknown) => boolean> = {
  on: (value) => value === true,
  "not off": (value) => value !== false,
  "not on": (value) => value !== true,
};

/**
 * Whether a resource serves production: what its label `environment` says, or else its stack's; without either a
 * cloud's resource does and an object of a cluster does not.
 */
function isProduction(resource: Resource, { environment }: Settings): boolean {
  const label = textsAt(resource.inputs, "metadata.labels").environment ?? tagsOf(resource).environment ?? environment;
  return label === undefined ? isCloudResource(resource) : label === "production";
}

export const deletionProtected: Rule = {
  id: "stateful-deletion-protection",
  severity: "high",
  enforcement: "mandatory",
  description: "In production, the cloud refuses to delete resources that hold data.",
  remediation: "Set cluster.deletionProtection to true, or labels.environment to a value other than production.",
  evaluate: (resource, settings) =>
    Object.entries((isProduction(resource, settings) ? resourceOf(resource)?.guards : undefined) ?? {})
      .filter(([path, guard]) => !holds[guard](at(resource.inputs, path)))
      .map(([path]) => `can be deleted (${path})`),
};

export const protectedInProduction: Rule = {
  id: "stateful-protect",
  severity: "high",
  enforcement: "mandatory",
  description: "In production, Pulumi refuses to delete resources that hold data.",
  remediation: "Set the option protect of the resource, or labels.environment to a value other than production.",
  evaluate: (resource, settings) =>
    resourceOf(resource)?.guards !== undefined && isProduction(resource, settings) && !resource.protect
      ? ["lacks the option protect"]
      : [],
};
