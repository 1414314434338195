import { type FieldChange, fieldChanges } from "../../../lib/field-changes.ts";
import { nearMisses } from "./near-misses.ts";

/** A chart value that a site changes: what the platform generates, and what is deployed. */
export interface OverriddenValue extends FieldChange {
  /** The path that it most likely should have; absent where the path is known or resembles no other. */
  meant?: string;
}

/**
 * Every value that a site changes, in the order of the paths.
 *
 * @param values the generated values with the site's laid over them
 */
export function overriddenValues(generated: unknown, values: unknown, site: unknown): OverriddenValue[] {
  const misses = nearMisses(generated, site);
  return fieldChanges(generated, values).map((change) => {
    const miss = misses.find(({ path }) => change.path === path || change.path.startsWith(`${path}.`));
    return miss === undefined ? change : { ...change, meant: miss.nearest };
  });
}
