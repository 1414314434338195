import { z } from "zod";
import { isObject } from "../../lib/json.ts";
import { valueAt } from "../../lib/key-path.ts";
import { configSchema } from "../schema.ts";

/** A node of a JSON schema, as far as the reference and the messages read it. */
export interface Node {
  type?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  items?: Node;
  oneOf?: Node[];
  anyOf?: Node[];
  properties?: Record<string, Node>;
  propertyNames?: Node;
  additionalProperties?: Node | boolean;
  required?: string[];
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  /** A file that usually has the value. */
  file?: string;
  /** What users write for a kind that has another name. */
  alsoCalled?: string[];
}

let made: Node | undefined;

/** The schema of record as a JSON schema. */
export function schemaNode(): Node {
  made ??= z.toJSONSchema(configSchema, { io: "input", unrepresentable: "any" }) as Node;
  return made;
}

/** What may be written at a path of a configuration; undefined: nothing. */
export function nodeAt(path: readonly PropertyKey[], input: unknown): Node | undefined {
  let node: Node | undefined = schemaNode();
  for (const [i, step] of path.entries()) {
    const variants: Node[] = variantsOf(node, valueAt(input, path.slice(0, i)));
    node = variants.map((variant) => childOf(variant, step)).find((child) => child !== undefined);
    if (node === undefined) return undefined;
  }
  return node;
}

/** The keys of an object at a path. Without a valid kind, those of every kind. */
export function keysAt(path: readonly PropertyKey[], input: unknown): string[] {
  const node = nodeAt(path, input);
  const variants = node === undefined ? [] : variantsOf(node, valueAt(input, path));
  return [...new Set(variants.flatMap(namesIn))];
}

/** The keys of an object, or of a record whose keys are listed. */
function namesIn({ properties = {}, propertyNames }: Node): string[] {
  return [...Object.keys(properties), ...(propertyNames?.enum ?? []).map(String)];
}

/** The kind for which a value at a path is a usual name, such as `existing` for k3s. */
export function kindCalled(path: readonly PropertyKey[], input: unknown): string | undefined {
  const value = valueAt(input, path);
  if (path.at(-1) !== "kind" || typeof value !== "string") return undefined;
  const kinds = (nodeAt(path.slice(0, -1), input)?.oneOf ?? []).flatMap(({ properties }) => properties?.kind ?? []);
  const found = kinds.find(({ alsoCalled = [] }) => alsoCalled.includes(value.toLowerCase()));
  return found === undefined ? undefined : String(found.const);
}

/** Every place of the schema that has a key of this name, whatever its letters' case. */
export function placesOf(name: string): string[] {
  const isIt = (key: string) => key.toLowerCase() === name.toLowerCase();
  const within = (node: Node, path: string): string[] =>
    [node, ...(node.oneOf ?? []), ...(node.anyOf ?? [])].flatMap(({ properties = {} }) =>
      Object.entries(properties).flatMap(([key, child]) => {
        const at = path === "" ? key : `${path}.${key}`;
        return [...(isIt(key) ? [at] : []), ...within(child, at)];
      }),
    );
  return [...new Set(within(schemaNode(), ""))];
}

function childOf({ properties, additionalProperties, items }: Node, step: PropertyKey): Node | undefined {
  if (typeof step === "number") return items;
  return properties?.[String(step)] ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
}

/** The alternatives that a value can be: where its kind is valid, one. */
function variantsOf(node: Node | undefined, value: unknown): Node[] {
  const variants = node?.oneOf ?? node?.anyOf;
  if (node === undefined || variants === undefined) return node === undefined ? [] : [node];
  const kind = isObject(value) ? value.kind : undefined;
  const named = variants.filter(({ properties }) => properties?.kind?.const === kind && kind !== undefined);
  return named.length > 0 ? named : variants;
}

/** Whether YAML and the CLI take a value for a number; a text at the top of a file has lost its quotes here. */
export function readsLikeNumber(value: unknown): boolean {
  return typeof value === "number" || (typeof value === "string" && /^\d+(\.\d+)?$/.test(value));
}
