import { ask as askFor, ofStack } from "../../../../../config/fixes.ts";
import { textAt } from "../../../../../lib/json.ts";
import { failed, ok, type Row, unknown } from "../../../../preflight/row.ts";
import { isOk, problemOf, type Reply } from "../google.ts";

const check = "project";

/** @param reply of `projects.get` */
export function projectRow(reply: Reply, project: string, { account = "the identity", stack = "" } = {}): Row {
  const fix = ofStack(askFor("cluster.project"), stack);
  if (isOk(reply)) {
    const state = textAt(reply.body, "lifecycleState") ?? "";
    if (state !== "ACTIVE") return failed(check, `${project} is being deleted (${state})`, fix);
    return ok(check, `${account} sees ${project}, number ${textAt(reply.body, "projectNumber") ?? "?"}`);
  }
  // Google does not tell a project that does not exist from one that the caller may not see.
  const isAboutService = JSON.stringify(reply.body ?? "").includes("SERVICE_DISABLED");
  if (reply.status === 404 || (reply.status === 403 && !isAboutService)) {
    return failed(check, `${project} does not exist, or ${account} may not see it`, fix);
  }
  return unknown(check, problemOf(reply));
}
