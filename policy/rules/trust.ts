import { at, isObject, listAt, textAt } from "../../lib/json.ts";
import type { Rule } from "../rule.ts";
import type { Resource } from "../resource.ts";
import { type Statement, statementsOf, textList } from "./iam.ts";

const claims = { sub: "subject", aud: "audience" };

/** Operators that compare; `StringLike` may hold a wildcard, which is looked at. */
const comparisons = ["StringEquals", "StringLike", "ForAnyValue:StringEquals"];

export const trustNamesSubjectAndAudience: Rule = {
  id: "trust-names-subject-and-audience",
  severity: "critical",
  enforcement: "mandatory",
  description: "A role's trust policy requires the token's subject and audience.",
  remediation:
    "Compare `<issuer>:sub` with the service account and `<issuer>:aud` with sts.amazonaws.com, with StringEquals.",
  evaluate: (resource) => {
    switch (resource.type) {
      case "aws:iam/role:Role":
        return statementsOf(resource.inputs.assumeRolePolicy).flatMap(trustProblems);
      case "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider":
        return poolProblems(resource);
      case "gcp:serviceaccount/iAMMember:IAMMember":
      case "gcp:serviceaccount/iAMBinding:IAMBinding":
        return impersonationProblems(resource);
      default:
        return [];
    }
  },
};

function trustProblems({ Effect, Action, Principal, Condition }: Statement): string[] {
  if (Effect !== "Allow") return [];
  const principals = isObject(Principal) ? Object.values(Principal).flatMap(textList) : textList(Principal);
  if (principals.includes("*")) return ["lets everyone assume the role"];
  if (!textList(Action).includes("sts:AssumeRoleWithWebIdentity")) return [];
  return Object.entries(claims).flatMap(([claim, word]) => {
    const values = valuesOf(Condition, claim);
    if (values.length === 0) return [`names no ${word} (no condition on :${claim})`];
    return values.filter(isWide).map((value) => `names the ${word} ${value}, which is more than one`);
  });
}

/** What a condition compares a claim with, whatever the issuer. */
function valuesOf(condition: unknown, claim: string): string[] {
  return comparisons.flatMap((operator) => {
    const compared = isObject(condition) ? condition[operator] : undefined;
    return isObject(compared)
      ? Object.entries(compared).flatMap(([key, value]) => (key.endsWith(`:${claim}`) ? textList(value) : []))
      : [];
  });
}

function isWide(value: string): boolean {
  return value.includes("*") || value.includes("?");
}

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
  return [...textList(inputs.member), ...textList(inputs.members)]
    .filter((member) => !/(\[[\w.-]+\/[\w.-]+\]|\/subject\/[^*]+|\[known after up\])$/.test(member))
    .map((member) => `lets ${member} impersonate the account, which is more than one subject`);
}
