import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../../lib/json.ts";

/** What a recorded resource keeps: inputs, outputs and identifiers hold secrets and places of the machine. */
const kept = ["urn", "type", "custom", "parent", "protect", "dependencies", "provider"];

/**
 * Writes what the engine has exported into tests/stack/states/, for tests of what reads a state.
 *
 * URNs, types and what depends on what are the engine's own; nothing in the files is written by hand.
 */
export function recordState(name: string, exported: string): void {
  const { version, deployment } = JSON.parse(exported) as { version: number; deployment: Record<string, unknown> };
  const { resources = [], pending_operations: pending } = deployment;
  const state = {
    version,
    deployment: {
      resources: listed(resources).map(reduced),
      ...(pending === undefined ? {} : { pending_operations: listed(pending).map(operation) }),
    },
  };
  const file = join(import.meta.dirname, `../stack/states/${name}.json`);
  writeFileSync(file, `${JSON.stringify(state, null, 1)}\n`);
}

function listed(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function operation({ type, resource }: Record<string, unknown>): Record<string, unknown> {
  return { type, resource: isObject(resource) ? reduced(resource) : {} };
}

function reduced(resource: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(resource).filter(([key]) => kept.includes(key)));
}
