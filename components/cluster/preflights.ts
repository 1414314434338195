import { eksRows } from "./eks/preflight/eks-rows.ts";
import { gkeRows } from "./gke/preflight/gke-rows.ts";
import { type CloudKindName, isCloud } from "./kinds.ts";
import { type Deployed, isOf, type Plan, type PlanOf } from "../preflight/plan.ts";
import type { Row } from "../preflight/row.ts";

/** The checks of each cloud that kinds.ts lists. */
const checksOf: { [Kind in CloudKindName]: (plan: PlanOf<Kind>, deployed: Deployed) => Promise<Row[]> } = {
  gke: gkeRows,
  eks: eksRows,
};

/** What would stop a stack in its cloud; undefined: its cluster exists. */
export async function cloudRows(plan: Plan, deployed: Deployed): Promise<Row[] | undefined> {
  return isCloud(plan.cluster) ? rowsOf({ kind: plan.cluster.kind }, plan, deployed) : undefined;
}

async function rowsOf<K extends CloudKindName>({ kind }: { kind: K }, plan: Plan, deployed: Deployed): Promise<Row[]> {
  const check: (plan: PlanOf<K>, deployed: Deployed) => Promise<Row[]> = checksOf[kind];
  return isOf(plan, kind) ? check(plan, deployed) : [];
}
