import { readFileSync } from "node:fs";
import { join } from "node:path";

const text = readFileSync(join(import.meta.dirname, "../../Makefile"), "utf8");

/** Targets that `make help` lists. */
export function makeTargets(): Set<string> {
  return new Set([...text.matchAll(/^([a-z][a-z0-9-]*):.*## /gm)].map(([, target = ""]) => target));
}

/** Variables that the Makefile reads. */
export function makeVariables(): Set<string> {
  const read = text.matchAll(/\$[({](?:if )?\$?\(?([A-Z][A-Z_]*)\b/g);
  // A recipe may read one from its environment, which shows it to no other process.
  const declared = text.matchAll(/^([A-Z][A-Z_]*) \?=/gm);
  return new Set([...read, ...declared].map(([, variable = ""]) => variable));
}
