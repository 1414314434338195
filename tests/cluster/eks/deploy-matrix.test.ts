import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { at, isObject, listAt, textAt } from "../../../lib/json.ts";
import { fields } from "../../program/registrations.ts";
import type { Call } from "./calls.ts";
import { callsOf, callsOfDocs, callsOfPreflight } from "./deploy-actions.ts";
import { recordEks } from "./eks-recording.ts";

const path = join(import.meta.dirname, "../../../components/cluster/eks/deploy-policy.json");
const statements = listAt(JSON.parse(readFileSync(path, "utf8")), "Statement");

const asList = (value: unknown) => (Array.isArray(value) ? value.map(String) : [String(value)]);

/** Whether a text is one of those that a statement names, in which `*` stands for anything. */
function isNamed(patterns: unknown, text: string): boolean {
  return asList(patterns).some((pattern) =>
    new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(text),
  );
}

/** Whether every operator of a condition holds; a key that the call lacks fails it, as in IAM. */
function holds(condition: unknown, context: Call["context"]): boolean {
  return Object.entries(fields(condition)).every(([operator, keys]) => {
    assert.match(operator, /^(ForAnyValue:)?StringEquals$|^ArnEquals$/, "an operator that this test knows");
    return Object.entries(fields(keys)).every(([name, values]) => asList(values).includes(context[name] ?? ""));
  });
}

const allows = (statement: unknown, { action, resource, context }: Call) =>
  at(statement, "Effect") === "Allow" &&
  isNamed(at(statement, "Action"), action) &&
  isNamed(at(statement, "Resource"), resource) &&
  (!isObject(at(statement, "Condition")) || holds(at(statement, "Condition"), context));

const denied = (calls: readonly Call[]) =>
  calls
    .filter((call) => !statements.some((statement) => allows(statement, call)))
    .map(({ action, resource, context }) => `${action} on ${resource} ${JSON.stringify(context)}`);

describe("the policy of the identity that deploys to EKS, call by call", () => {
  it("knows the calls of every type that the stacks of any configuration register", async () => {
    const administrators = ["arn:aws:iam::111122223333:role/team/admin"];
    const certificateArn = "arn:aws:acm:eu-central-1:111122223333:certificate/example";
    const exposure = { kind: "ingress", domain: "ml.example.org", certificateArn };
    const { resources } = await recordEks({ administrators, spotNodes: {}, gpuNodes: {} }, { exposure });
    const made = resources.map(({ type }) => type).filter((type) => type.startsWith("aws:"));
    assert.deepEqual(Object.keys(callsOf).toSorted(), [...new Set(made)].toSorted());
  });

  for (const [type, calls] of Object.entries(callsOf)) {
    it(`allows what ${type} asks for`, () => assert.deepEqual(denied(calls), []));
  }

  it("allows what the documentation prescribes", () => assert.deepEqual(denied(callsOfDocs), []));

  it("allows what the preflight asks", () => assert.deepEqual(denied(Object.values(callsOfPreflight).flat()), []));

  it("allows no action that nothing asks for", () => {
    const asked = [callsOf, callsOfPreflight].flatMap((calls) => Object.values(calls).flat()).concat(callsOfDocs);
    const unused = statements.flatMap((statement) =>
      asList(at(statement, "Action"))
        .filter((action) => !asked.some((call) => call.action === action && allows(statement, call)))
        .map((action) => `${textAt(statement, "Sid") ?? ""}: ${action}`),
    );
    assert.deepEqual(unused, []);
  });
});
