import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Checkpoint } from "../../scripts/stack/state.ts";

/** A state as the engine has exported it; `RECORD_STATE=1 make e2e` records them all again. */
export function recordedState(name: "deployed" | "interrupted"): Checkpoint {
  const file = join(import.meta.dirname, "states", `${name}.json`);
  return JSON.parse(readFileSync(file, "utf8")) as Checkpoint;
}
