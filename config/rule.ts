import type { StackConfig } from "./sections.ts";

/** A rule between keys, which a single key's schema cannot state. */
export interface Rule<Cluster> {
  /** The key that is wrong when the rule is broken. A path if it contains an index or a name from the user. */
  key: string | PropertyKey[];
  broken: (config: StackConfig<Cluster>) => boolean;
  allowed: string | ((config: StackConfig<Cluster>) => string);
  /** The value that the fix sets, or the command for the key. @default - the fix removes the key */
  fix?: string | ((key: string) => string);
  /** @default - the key's value */
  found?: string;
}
