import type { Scalar } from "./fixes.ts";
import type { StackConfig } from "./sections.ts";

/** A rule between keys, which a single key's schema cannot state. */
export interface Rule<Cluster> {
  /** The key that is wrong when the rule is broken. A path if it contains an index or a name from the user. */
  key: string | PropertyKey[];
  broken: (config: StackConfig<Cluster>) => boolean;
  allowed: string | ((config: StackConfig<Cluster>) => string);
  /** The value that the fix sets, or the command line of the fix. @default - the fix removes the key, an encrypted value by hand */
  fix?: Scalar | ((key: string, config: StackConfig<Cluster>) => string);
  /** @default - the key's value */
  found?: string;
}
