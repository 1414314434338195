import { at } from "../../../../../lib/json.ts";
import { type Check, failed, ok, type Row, unknown } from "../../../../preflight/row.ts";
import type { GkeContext } from "../context.ts";
import { isOk, problemOf, type Reply } from "../google.ts";

/** @param reply of `projects.getBillingInfo` */
function billingRow(reply: Reply, project: string): Row {
  if (!isOk(reply)) return unknown("billing", problemOf(reply));
  if (at(reply.body, "billingEnabled") === true) return ok("billing", `${project} has a billing account`);
  const fix = `gcloud billing projects link ${project} --billing-account <account>`;
  return failed("billing", `${project} has no billing account`, fix);
}

export const billing: Check<GkeContext> = {
  id: "billing",
  look: async ({ ask, plan: { cluster } }) => [
    billingRow(
      await ask({ service: "cloudbilling", path: `projects/${cluster.project}/billingInfo` }),
      cluster.project,
    ),
  ],
};
