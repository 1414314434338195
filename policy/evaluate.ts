import { exceptions } from "./exceptions.ts";
import { labelOf, type Resource, type Violation } from "../lib/resource.ts";
import type { Rule } from "./rule.ts";
import type { Settings } from "./settings.ts";

/** Violations by single resources, without exceptions. */
export function resourceViolations(rule: Rule, resource: Resource, settings: Settings): Violation[] {
  const messages = isException(rule, resource) ? [] : (rule.evaluate?.(resource, settings) ?? []);
  return messages.map((message) => ({ resource, message }));
}

/** Violations of rules over all resources, without exceptions. */
export function stackViolations(rule: Rule, resources: readonly Resource[], settings: Settings): Violation[] {
  return (rule.evaluateStack?.(resources, settings) ?? []).filter(({ resource }) => !isException(rule, resource));
}

/** Everything that breaks a rule. */
export function violationsOf(rule: Rule, resources: readonly Resource[], settings: Settings): Violation[] {
  const single = resources.flatMap((resource) => resourceViolations(rule, resource, settings));
  return [...single, ...stackViolations(rule, resources, settings)];
}

function isException({ id }: Rule, resource: Resource): boolean {
  return exceptions.some((exception) => exception.rule === id && exception.resource === labelOf(resource));
}
