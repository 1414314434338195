import { listAt } from "../../../../../lib/json.ts";
import { permissionsOf } from "../deployer-permissions.ts";
import { permissionsIn } from "../role-permissions.ts";
import roles from "../../deployer-roles.json" with { type: "json" };
import { type Check, failed, notChecked, ok, type Row, some, unknown } from "../../../../preflight/row.ts";
import type { GkeContext } from "../context.ts";
import { isOk, problemOf, type Reply } from "../google.ts";

const check = "permissions";

/** Permissions that Google tests in one call. Source: https://cloud.google.com/resource-manager/reference/rest/v1/projects/testIamPermissions */
const perCall = 100;

interface Grant {
  role: string;
  permissions?: readonly string[];
  condition?: { title: string; expression: string };
}

/** What the resources of a stack need. */
function neededBy(types: Iterable<string>): string[] {
  return [...new Set([...types].flatMap((type) => permissionsOf[type] ?? []))].toSorted();
}

/**
 * @param replies of `testIamPermissions`, each with what it was asked
 * @param member e.g. `user:ana@example.org`
 */
export function permissionsRow(
  replies: readonly { asked: readonly string[]; reply: Reply }[],
  { project, member, grants = roles.cluster }: { project: string; member: string; grants?: readonly Grant[] },
): Row {
  const refused = replies.find(({ reply }) => !isOk(reply));
  if (refused !== undefined) return unknown(check, problemOf(refused.reply));
  const missing = replies.flatMap(({ asked, reply }) => {
    const granted = listAt(reply.body, "permissions");
    return asked.filter((permission) => !granted.includes(permission));
  });
  const count = replies.flatMap(({ asked }) => asked).length;
  if (missing.length === 0) return ok(check, `${member} has all ${count} that the stack's resources need`);
  const found = `${member} lacks ${some(missing)}`;
  // A condition about a bucket's name holds for no question to the project, so that a right answer is not to be had.
  const role = grants.find((grant) => !isByName(grant) && missing.some((permission) => gives(grant, permission)));
  if (role === undefined) return unknown(check, `${found}; a role with a condition may have them`);
  return failed(check, found, grantCommand(role, project, member));
}

function gives({ role, permissions = permissionsIn[role] ?? [] }: Grant, permission: string): boolean {
  return permissions.includes(permission);
}

const isByName = ({ condition }: Grant): boolean => condition?.expression.startsWith("resource.name.") === true;

function grantCommand({ role, condition }: Grant, project: string, member: string): string {
  const own = role.replace("PROJECT", project);
  // A comma in the expression would end it: https://cloud.google.com/sdk/gcloud/reference/topic/escaping
  const when = condition === undefined ? "None" : `"^;^expression=${condition.expression};title=${condition.title}"`;
  return `gcloud projects add-iam-policy-binding ${project} --member ${member} --role ${own} --condition=${when}`;
}

export const permissions: Check<GkeContext> = {
  id: check,
  look: async ({ ask, account, plan: { cluster, resources } }) => {
    const needed = neededBy(resources.map(({ type }) => type));
    if (needed.length === 0) return [notChecked(check, "the stack makes nothing in the project")];
    const batches = Array.from({ length: Math.ceil(needed.length / perCall) }, (_, i) =>
      needed.slice(i * perCall, (i + 1) * perCall),
    );
    const path = `projects/${cluster.project}:testIamPermissions`;
    const replies = await Promise.all(
      batches.map(async (asked) => {
        const reply = await ask({ service: "cloudresourcemanager", path, body: { permissions: asked } });
        return { asked, reply };
      }),
    );
    return [permissionsRow(replies, { project: cluster.project, member: memberOf(account) })];
  },
};

function memberOf(account: string | undefined): string {
  if (account === undefined) return "<member>";
  return `${account.endsWith(".gserviceaccount.com") ? "serviceAccount" : "user"}:${account}`;
}
