import type { Deployed, PlanOf } from "../../../preflight/plan.ts";
import { type Check, look, notChecked, type Row } from "../../../preflight/row.ts";
import { awsIn } from "./aws.ts";
import { accountRow } from "./checks/account.ts";
import { callerOf } from "./checks/credentials.ts";
import { kubectlRow } from "./checks/kubectl.ts";
import { names } from "./checks/names.ts";
import { permissions } from "./checks/permissions.ts";
import { quotas } from "./checks/quotas.ts";
import { zones } from "./checks/zones.ts";
import type { EksContext } from "./context.ts";

/** What is asked where there are credentials. */
const checks: readonly Check<EksContext>[] = [permissions, zones, quotas, names];

export async function eksRows(plan: PlanOf<"eks">, { state, identityOnly }: Deployed): Promise<Row[]> {
  const { region } = plan.cluster;
  const aws = awsIn(region);
  const [identity, version] = await Promise.all([aws("sts", "get-caller-identity"), aws("--version")]);
  const { row, caller } = callerOf(identity);
  const kubectl = kubectlRow(version, caller);
  const wanted = identityOnly ? [] : checks;
  if (caller === undefined) {
    return [row, kubectl, ...wanted.map(({ id }) => notChecked(id, "it needs credentials"))];
  }
  const place = accountRow(caller.account, region, plan.imageRegistry, plan.stack);
  return [row, place, kubectl, ...(await look(wanted, { plan, state, aws, caller }))];
}
