import { at, listAt, textAt } from "../../../../../lib/json.ts";
import type { Resource } from "../../../../../lib/resource.ts";
import { byType } from "../../../demands.ts";

const grants = /^gcp:.*(IAM|Iam)(Member|Binding)$/;

/** Roles that span every service. Source: https://cloud.google.com/iam/docs/roles-overview#basic */
const basicRoles = ["roles/owner", "roles/editor", "roles/viewer"];
const everyone = ["allUsers", "allAuthenticatedUsers"];

/** Grants that are wider than one purpose, or to more than one identity. */
export function wildcardProblems({ type, inputs }: Resource): string[] {
  if (!grants.test(type)) return [];
  const role = textAt(inputs, "role") ?? "";
  const members = membersOf(inputs);
  return [
    ...(basicRoles.includes(role) ? [`grants ${role}`] : []),
    ...members.filter((member) => everyone.includes(member)).map((member) => `grants ${role} to ${member}`),
    ...members.filter((member) => member.endsWith("/*")).map((member) => `grants ${role} to the whole pool ${member}`),
  ];
}

function membersOf(inputs: Record<string, unknown>): string[] {
  return [inputs.member, ...listAt(inputs, "members")].filter((member) => typeof member === "string");
}

/** Identities that more than one service account may use. */
export const trustProblems = byType({
  "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider": poolProblems,
  "gcp:serviceaccount/iAMBinding:IAMBinding": impersonationProblems,
  "gcp:serviceaccount/iAMMember:IAMMember": impersonationProblems,
});

function poolProblems({ inputs }: Resource): string[] {
  const condition = textAt(inputs, "attributeCondition");
  const audiences = listAt(inputs, "oidc.allowedAudiences");
  return [
    ...(condition === undefined || condition === "" ? ["names no subject (no attributeCondition)"] : []),
    ...(at(inputs, "oidc") !== undefined && audiences.length === 0 ? ["names no audience (no allowedAudiences)"] : []),
  ];
}

/** A member of a cluster's pool is one service account: `serviceAccount:<pool>[<namespace>/<name>]`. */
function impersonationProblems({ inputs }: Resource): string[] {
  if (inputs.role !== "roles/iam.workloadIdentityUser") return [];
  return membersOf(inputs)
    .filter((member) => !/(\[[\w.-]+\/[\w.-]+\]|\/subject\/[^*]+|\[known after up\])$/.test(member))
    .map((member) => `lets ${member} impersonate the account, which is more than one subject`);
}
