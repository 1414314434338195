import { keyOf } from "../../lib/key-path.ts";
import { isObject } from "../../lib/json.ts";

/** What stands in place of a secret. */
const masked = "[secret]";

/** A copy with `[secret]` at each path; around a secret everything stays readable. */
export function mask(value: unknown, secretPaths: readonly string[], path: PropertyKey[] = []): unknown {
  if (path.length > 0 && secretPaths.includes(keyOf(path))) return maskLeaves(value);
  if (Array.isArray(value)) return value.map((item, i) => mask(item, secretPaths, [...path, i]));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mask(item, secretPaths, [...path, key])]));
}

/** The keys of a Secret are plain, its values are not. */
function maskLeaves(value: unknown): unknown {
  if (!isObject(value)) return masked;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskLeaves(item)]));
}
