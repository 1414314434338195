import assert from "node:assert/strict";
import type { Registration } from "../../lib/recording.ts";
import { at } from "../../lib/json.ts";

/** The one registration of a type and a name, e.g. `kubernetes:apps/v1:StatefulSet` and `postgres`. */
export function registration(resources: Registration[], type: string, name: string): Registration {
  const found = resources.filter((resource) => resource.type === type && resource.name === name);
  const [first] = found;
  assert.ok(first !== undefined && found.length === 1, `${found.length} resources ${type} ${name}, not one`);
  return first;
}

/** Type and name of all, sorted: what a program makes and nothing else. */
export function typesAndNames(resources: Registration[]): string[] {
  return resources.map(({ type, name }) => `${type} ${name}`).sort();
}

/** The fields of an object among inputs or outputs. */
export function fields(value: unknown): Record<string, unknown> {
  assert.ok(typeof value === "object" && value !== null, `${String(value)} is no object`);
  return { ...value };
}

/** The resources that hold a secret's placeholder anywhere outside what is marked secret. */
export function showing(resources: Registration[], secret: string): string[] {
  return resources
    .filter((resource) => JSON.stringify(withoutSecrets(resource)).includes(secret))
    .map(({ urn }) => urn);
}

function withoutSecrets({ inputs, secretPaths }: Registration): unknown {
  const plain: unknown = structuredClone(inputs);
  for (const path of secretPaths) {
    const keys = path.split(".");
    const parent = keys.length === 1 ? plain : at(plain, keys.slice(0, -1).join("."));
    if (typeof parent === "object" && parent !== null) Reflect.deleteProperty(parent, keys.at(-1) ?? "");
  }
  return plain;
}
