import type { PlanOf } from "../../../preflight/plan.ts";
import type { Known } from "../../../preflight/known.ts";
import type { Ask } from "./google.ts";

/** What the checks of a GKE stack work with. */
export interface GkeContext {
  plan: PlanOf<"gke">;
  /** Undefined: it cannot be read. */
  state: readonly Known[] | undefined;
  /** As the identity that the provider uses. */
  ask: Ask;
  /** Number of the project. */
  number: string;
  /** Email of that identity; undefined: Google does not tell. */
  account: string | undefined;
}
