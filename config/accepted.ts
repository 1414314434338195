import type { z } from "zod";

/** Ends the reading of a configuration at a value that the schema has refused. */
class RefusedValue extends Error {}

/**
 * A parsed configuration of which only values that the schema accepts can be read, so that they have their types.
 *
 * Reading another one ends the surrounding {@link whereAccepted}.
 */
export function accepted<T extends object>(config: T, issues: readonly z.core.$ZodRawIssue[]): T {
  // An unknown key says nothing of the keys beside it.
  const refusing = issues.filter(({ code }) => code !== "unrecognized_keys");
  return guarded(config, new Set(refusing.map((issue) => keyOf(refusedPath(issue)))), []);
}

/** What can be said from accepted values alone; nothing where it takes a refused one. */
export function whereAccepted<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof RefusedValue) return [];
    throw error;
  }
}

/** Without a valid discriminator the schema has looked at nothing beside it. */
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
