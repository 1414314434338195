import * as pulumi from "@pulumi/pulumi";
import { keyOf } from "./key-path.ts";
import { isObject } from "./json.ts";

/** Stands for a value that only a real deployment knows. */
export const unknown = "[known after up]";

/**
 * Marks of special values on the wire between a program and the engine.
 *
 * Source: https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/rpc.ts
 */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";

/** A value as the program meant it, and where the secrets in it are. */
export interface PlainValue {
  value: unknown;
  /** Paths as `pulumi config set --path` writes them, e.g. `stringData.password`. */
  secretPaths: string[];
}

/** Removes the wire's marks from a value and notes where the secret ones were. */
export function unmark(marked: unknown): PlainValue {
  const secretPaths: string[] = [];
  const value = walk(marked, [], (path) => secretPaths.push(keyOf(path)));
  return { value, secretPaths };
}

function walk(value: unknown, path: PropertyKey[], onSecret: (path: PropertyKey[]) => void): unknown {
  if (Array.isArray(value)) return value.map((item, i) => walk(item, [...path, i], onSecret));
  if (!isObject(value)) return value === pulumi.runtime.unknownValue ? unknown : value;
  switch (value[signatureKey]) {
    case undefined:
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key], onSecret)]),
      );
    case secretSignature:
      onSecret(path);
      return walk(value.value, path, () => undefined);
    case resourceSignature:
      return value.urn;
    default:
      return value.path ?? value.text ?? value.uri ?? value;
  }
}
