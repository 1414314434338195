import { isObject } from "../../../../../lib/json.ts";
import { byType } from "../../../demands.ts";
import { type Statement, statementsOf, textList } from "./statements.ts";

const claims = { sub: "subject", aud: "audience" };

/** Operators that compare; `StringLike` may hold a wildcard, which is looked at. */
const comparisons = ["StringEquals", "StringLike", "ForAnyValue:StringEquals"];

/** Trust policies that more than one service account meets. */
export const trustProblems = byType({
  "aws:iam/role:Role": ({ inputs }) => statementsOf(inputs.assumeRolePolicy).flatMap(statementProblems),
});

function statementProblems({ Effect, Action, Principal, Condition }: Statement): string[] {
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
