import type { Resource } from "../../lib/resource.ts";

/** What must hold in the inputs of a resource, and what a violation says. */
type Demand = readonly [holds: (inputs: Record<string, unknown>) => boolean, problem: string];

/** A check that a resource's inputs meet the demands on its type. */
export function unmetDemands(demands: Readonly<Record<string, readonly Demand[]>>): (resource: Resource) => string[] {
  return ({ type, inputs }) => (demands[type] ?? []).filter(([holds]) => !holds(inputs)).map(([, problem]) => problem);
}

/** A check with a function for each type of resource. */
export function byType(
  checks: Readonly<Record<string, (resource: Resource) => string[]>>,
): (resource: Resource) => string[] {
  return (resource) => checks[resource.type]?.(resource) ?? [];
}

/** Providers take booleans as text too. */
export function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}
