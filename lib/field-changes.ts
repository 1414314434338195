import { documentIn, isObject } from "./json.ts";

/** One changed value of a resource. */
export interface FieldChange {
  /** E.g. `spec.template.spec.containers[main].image`. */
  path: string;
  /** Undefined where the field is new. */
  before: unknown;
  /** Undefined where the field is gone. */
  after: unknown;
}

/** Every leaf that differs, in the order of the paths. */
export function fieldChanges(before: unknown, after: unknown): FieldChange[] {
  const [leavesBefore, leavesAfter] = [leavesOf(before), leavesOf(after)];
  return [...new Set([...leavesBefore.keys(), ...leavesAfter.keys()])]
    .toSorted()
    .map((path) => ({ path, before: leavesBefore.get(path), after: leavesAfter.get(path) }))
    .filter((change) => change.before !== change.after);
}

/** The leaves of a value by path; empty objects and lists are leaves. */
function leavesOf(value: unknown): Map<string, unknown> {
  const leaves = new Map<string, unknown>();
  walk(value, "", leaves);
  return leaves;
}

function walk(value: unknown, path: string, leaves: Map<string, unknown>): void {
  // A file of a ConfigMap or a policy document may be JSON: its fields say more than its text.
  const inner = typeof value === "string" ? (documentIn(value) ?? value) : value;
  const entries = Array.isArray(inner) ? listEntries(inner) : isObject(inner) ? objectEntries(inner, path) : [];
  if (entries.length === 0) leaves.set(path, Array.isArray(inner) ? "[]" : isObject(inner) ? "{}" : inner);
  for (const [key, item] of entries) walk(item, `${path}${key}`, leaves);
}

function objectEntries(value: Record<string, unknown>, path: string): [string, unknown][] {
  return Object.entries(value).map(([key, item]) => [path === "" ? key : `.${key}`, item]);
}

/** Items that have names are compared by name, so that a new one moves no other; the others by position. */
function listEntries(list: readonly unknown[]): [string, unknown][] {
  const named = list.filter(isNamed);
  const names = new Set(named.map(({ name }) => name));
  if (names.size < list.length) return list.map((item, i) => [`[${i}]`, item]);
  return named.map(({ name, ...rest }) => [`[${name}]`, rest]);
}

function isNamed(item: unknown): item is { name: string } {
  return isObject(item) && typeof item.name === "string";
}
