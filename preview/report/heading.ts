import type { StackChanges } from "./changes.ts";

/** What a change does that no review may miss, first: `DELETES DATA (3), REPLACES (7)`; empty where it does neither. */
function warningsOf(stacks: readonly StackChanges[]): string {
  const losses = stacks.flatMap((stack) => stack.losses);
  const replaced = stacks.flatMap(({ changed }) => changed.filter(({ replaces }) => replaces));
  return [
    ...(losses.length === 0 ? [] : [`DELETES DATA (${losses.length})`]),
    ...(replaced.length === 0 ? [] : [`REPLACES (${replaced.length})`]),
  ].join(", ");
}

/** `DELETES DATA (3): Preview` for a title, or the title alone. */
export function titled(stacks: readonly StackChanges[], title: string): string {
  const warnings = warningsOf(stacks);
  return warnings === "" ? title : `${warnings}: ${title}`;
}
