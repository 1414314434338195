import type { Facts } from "./facts.ts";

/** What must hold between keys; the schema alone cannot state it. */
export interface Rule {
  /** The key that is wrong when the rule is broken. */
  key: string;
  broken: (facts: Facts) => boolean;
  allowed: string | ((facts: Facts) => string);
  /** The value that the fix sets. @default - the fix removes the key, or sets the secret */
  fix?: string;
  /** @default - the key's value */
  found?: string;
}
