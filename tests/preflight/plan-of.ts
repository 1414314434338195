import assert from "node:assert/strict";
import type { ClusterConfig } from "../../components/cluster/kinds.ts";
import type { Plan, PlanOf } from "../../components/preflight/plan.ts";
import { planned } from "../../scripts/preflight/planned.ts";

/** The plan of a checked-in stack on a cluster of a kind. */
export async function planOf<Kind extends ClusterConfig["kind"]>(stack: string, kind: Kind): Promise<PlanOf<Kind>> {
  const { plan } = await planned(stack);
  assert.ok(isOf(plan, kind));
  return plan;
}

function isOf<Kind extends ClusterConfig["kind"]>(plan: Plan, kind: Kind): plan is PlanOf<Kind> {
  return plan.cluster.kind === kind;
}
