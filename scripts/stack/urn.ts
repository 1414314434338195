/** A resource's own type and name. */
export interface UrnParts {
  /** Such as `kubernetes:core/v1:Secret`, without the types of what it stands in. */
  type: string;
  name: string;
}

/**
 * Parses a URN of the engine: `urn:pulumi:<stack>::<project>::<types of its parents>$<its type>::<name>`.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
 */
export function urnParts(urn: string): UrnParts {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.slice(types.lastIndexOf("$") + 1), name: name.join("::") };
}

/** The last part of a type, such as `Secret`. */
export function kindOf(type: string): string {
  return type.slice(type.lastIndexOf(":") + 1);
}
