import { at, isObject, listAt } from "../../lib/json.ts";

/** AWS's services that take a role of this program. */
const services = ["ec2.amazonaws.com", "eks.amazonaws.com"];

/**
 * What is wrong with a trust policy; one sentence each.
 *
 * Either one of AWS's services takes the role, or one service account of the cluster whose issuer is named.
 */
export function trustProblems(document: unknown): string[] {
  const statements = listAt(document, "Statement");
  if (statements.length !== 1) return [`${statements.length} statements, not one`];
  const [statement] = statements;
  const principal = at(statement, "Principal");
  if (at(statement, "Effect") !== "Allow") return ["no statement that allows"];
  if (!isObject(principal) || Object.keys(principal).length !== 1) return ["a principal that is not one"];
  return "Service" in principal
    ? serviceProblems(statement, principal.Service)
    : federatedProblems(statement, principal);
}

function serviceProblems(statement: unknown, service: unknown): string[] {
  return [
    ...(services.includes(String(service)) ? [] : [`the service ${String(service)}`]),
    ...(at(statement, "Action") === "sts:AssumeRole" ? [] : ["an action that is not sts:AssumeRole"]),
  ];
}

function federatedProblems(statement: unknown, principal: Record<string, unknown>): string[] {
  const [, issuer] = /^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/([^*?]+)$/.exec(String(principal.Federated)) ?? [];
  if (issuer === undefined) return [`the principal ${JSON.stringify(principal)}`];
  const condition = at(statement, "Condition");
  const operators = isObject(condition) ? Object.keys(condition) : [];
  const equals = isObject(condition) && isObject(condition.StringEquals) ? condition.StringEquals : {};
  const { [`${issuer}:sub`]: sub, [`${issuer}:aud`]: aud, ...others } = equals;
  return [
    ...(at(statement, "Action") === "sts:AssumeRoleWithWebIdentity" ? [] : ["an action of another kind"]),
    ...operators.filter((operator) => operator !== "StringEquals").map((operator) => `a condition by ${operator}`),
    ...Object.keys(others).map((key) => `a condition on ${key}`),
    ...(/^system:serviceaccount:[a-z0-9-]+:[a-z0-9-]+$/.test(String(sub)) ? [] : ["no service account as its subject"]),
    ...(aud === "sts.amazonaws.com" ? [] : ["no audience sts.amazonaws.com"]),
  ];
}
