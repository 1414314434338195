import type { Deployed, Plan, PlanOf } from "../preflight/plan.ts";
import type { Row } from "../preflight/row.ts";
import { eksRows } from "./eks/preflight/eks-rows.ts";
import { gkeRows } from "./gke/preflight/gke-rows.ts";
import { type CloudKindName, isCloud } from "./kinds.ts";

type Checks<Kind extends CloudKindName> = (plan: PlanOf<Kind>, deployed: Deployed) => Promise<Row[]>;

/** The checks of each cloud that kinds.ts lists. */
const checksOf: { [Kind in CloudKindName]: Checks<Kind> } = { gke: gkeRows, eks: eksRows };

/** What would stop a stack in its cloud; undefined: its cluster exists. */
export async function cloudRows(plan: Plan, deployed: Deployed): Promise<Row[] | undefined> {
  const { cluster } = plan;
  return isCloud(cluster) ? rowsOf(cluster.kind, { ...plan, cluster }, deployed) : undefined;
}

function rowsOf<Kind extends CloudKindName>(kind: Kind, plan: PlanOf<Kind>, deployed: Deployed): Promise<Row[]> {
  return checksOf[kind](plan, deployed);
}
