import { ask } from "../../../../config/fixes.ts";
import type { Rule } from "../../../../config/rule.ts";

/** Rules between the keys of an existing cluster. */
export const existingRules: Rule<{ nodeAddress?: string | undefined }>[] = [
  {
    key: "cluster.nodeAddress",
    broken: ({ cluster, exposure }) => exposure.kind === "nodePort" && cluster.nodeAddress === undefined,
    allowed: "a node's address, since exposure.kind is nodePort",
    fix: ask,
  },
];
