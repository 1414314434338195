import { textAt } from "../../../../lib/json.ts";
import type { Deployed, PlanOf } from "../../../preflight/plan.ts";
import { type Check, look, notChecked, type Row } from "../../../preflight/row.ts";
import { billing } from "./checks/billing.ts";
import { logIn } from "./checks/credentials.ts";
import { kubectlRow } from "./checks/kubectl.ts";
import { names } from "./checks/names.ts";
import { permissions } from "./checks/permissions.ts";
import { projectRow } from "./checks/project.ts";
import { quotas } from "./checks/quotas.ts";
import { services } from "./checks/services.ts";
import type { GkeContext } from "./context.ts";
import { askWith } from "./google.ts";

/** What is asked where the identity sees the project. */
const checks: readonly Check<GkeContext>[] = [billing, permissions, services, quotas, names];

export async function gkeRows(plan: PlanOf<"gke">, { state, identityOnly }: Deployed): Promise<Row[]> {
  const { project } = plan.cluster;
  const { row, token, account } = await logIn();
  const kubectl = kubectlRow(project, account);
  const wanted = identityOnly ? [] : checks;
  const skipped = (why: string) => wanted.map(({ id }) => notChecked(id, why));
  if (token === undefined) return [row, ...skipped("it needs credentials"), await kubectl];
  const ask = askWith(token);
  const reply = await ask({ service: "cloudresourcemanager", path: `projects/${project}` });
  const place = projectRow(reply, project, { stack: plan.stack, ...(account === undefined ? {} : { account }) });
  if (place.state === "failed") return [row, place, ...skipped("it needs the project"), await kubectl];
  const context = { plan, state, ask, account, number: textAt(reply.body, "projectNumber") ?? "" };
  const rows = await look(wanted, context);
  return [row, place, await kubectl, ...rows];
}
