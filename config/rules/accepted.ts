import type { z } from "zod";

/** Stops reading a configuration at a value that the schema has refused. */
class RefusedValue extends Error {}

/**
 * A parsed configuration that returns only values that the schema accepts, so that they have their types.
 *
 * Reading any other value ends the surrounding {@link whereAccepted}.
 */
export function accepted<T extends object>(config: T, issues: readonly z.core.$ZodRawIssue[]): T {
  // An unknown key does not affect its siblings.
  const refusing = issues.filter(({ code }) => code !== "unrecognized_keys");
  return guarded(config, new Set(refusing.map((issue) => keyOf(refusedPath(issue)))), []);
}

/** The result of a function that reads accepted values; empty if it reads a refused value. */
export function whereAccepted<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof RefusedValue) return [];
    throw error;
  }
}

/** Without a valid discriminator, the schema has not checked its siblings. */
function refusedPath({ path = [], ...issue }: z.core.$ZodRawIssue): PropertyKey[] {
  return issue.code === "invalid_union" && "discriminator" in issue ? path.slice(0, -1) : path;
}

const keyOf = (path: readonly PropertyKey[]) => JSON.stringify(path.map(String));

function guarded<T extends object>(value: T, refused: ReadonlySet<string>, path: readonly PropertyKey[]): T {
  return new Proxy(value, {
    get(target, key) {
      const inner: unknown = Reflect.get(target, key);
      if (typeof key === "symbol") return inner;
      const at = [...path, key];
      if (refused.has(keyOf(at))) throw new RefusedValue();
      return typeof inner === "object" && inner !== null ? guarded(inner, refused, at) : inner;
    },
  });
}
