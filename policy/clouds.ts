import type { CloudRuleId } from "../components/cluster/cloud-policy.ts";
import { clouds } from "../components/cluster/kinds.ts";
import type { Resource, Violation } from "../lib/resource.ts";

/** What the clouds find wrong with a resource under a rule. */
export function cloudProblems(rule: CloudRuleId, resource: Resource): string[] {
  return clouds.flatMap(({ policy }) => policy.checks[rule].evaluate?.(resource) ?? []);
}

/** What the clouds find wrong with all resources together under a rule. */
export function cloudViolations(rule: CloudRuleId, resources: readonly Resource[]): Violation[] {
  return clouds.flatMap(({ policy }) => policy.checks[rule].evaluateStack?.(resources) ?? []);
}
