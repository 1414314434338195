import type { PlanOf } from "../../../preflight/plan.ts";
import type { Known } from "../../../preflight/known.ts";
import type { Aws } from "./aws.ts";

/** Who the provider will be. */
export interface Caller {
  account: string;
  /** As the token service says it, e.g. `arn:aws:sts::111122223333:assumed-role/deployer/ana`. */
  arn: string;
}

/** What the checks of an EKS stack work with. */
export interface EksContext {
  plan: PlanOf<"eks">;
  /** Undefined: it cannot be read. */
  state: readonly Known[] | undefined;
  aws: Aws;
  caller: Caller;
}
