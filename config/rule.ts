import type { StackConfig } from "./sections.ts";

/** What must hold between keys; a single key's schema cannot state it. */
export interface Rule<Cluster> {
  /** The key that is wrong when the rule is broken; a path where a part of it is a number or a user's name. */
  key: string | PropertyKey[];
  broken: (config: StackConfig<Cluster>) => boolean;
  allowed: string | ((config: StackConfig<Cluster>) => string);
  /** The value that the fix sets, or the command for the key. @default - the fix removes the key */
  fix?: string | ((key: string) => string);
  /** @default - the key's value */
  found?: string;
}
