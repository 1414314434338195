import { ask } from "../../../../config/fixes.ts";
import type { Rule } from "../../../../config/rule.ts";

/** What a stack most likely lacks on a cluster whose nodes pull their images. */
export const existingWarnings: Rule<{ imageDigests: boolean }>[] = [
  {
    key: "imageRegistry",
    // Images that someone loads onto the nodes have no digests.
    broken: ({ cluster, imageRegistry }) => cluster.imageDigests && imageRegistry.startsWith("localhost"),
    allowed:
      "the registry that `make images REGISTRY=…` pushed to, since nodes do not pull from your machine; " +
      "or cluster.imageDigests: false, if you load the images onto the nodes",
    fix: ask,
  },
];

/** Rules between the keys of an existing cluster. */
export const existingRules: Rule<{ nodeAddress?: string | undefined }>[] = [
  {
    key: "cluster.nodeAddress",
    broken: ({ cluster, exposure }) => exposure.kind === "nodePort" && cluster.nodeAddress === undefined,
    allowed: "a node's address, since exposure.kind is nodePort",
    fix: ask,
  },
];
