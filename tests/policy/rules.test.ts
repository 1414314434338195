import assert from "node:assert/strict";
import { clouds } from "../../components/cluster/kinds.ts";
import { allowedRegistries } from "../../policy/allow-lists.ts";
import { exceptions } from "../../policy/exceptions.ts";
import { violationsOf } from "../../policy/evaluate.ts";
import { placeOf } from "../../lib/resource.ts";
import { rules } from "../../policy/rules.ts";
import type { Settings } from "../../policy/settings.ts";
import { endpoints } from "./examples/endpoints.ts";
import { identity } from "./examples/identity.ts";
import { production } from "./examples/production.ts";
import { secrets } from "./examples/secrets.ts";
import { storage } from "./examples/storage.ts";
import { workloads } from "./examples/workloads.ts";

const examples = [...secrets, ...endpoints, ...identity, ...storage, ...production, ...workloads];
const usual: Settings = {
  environment: undefined,
  allowDataLoss: [],
  networkPolicies: true,
  registries: ["registry.example.org/mlops"],
};

for (const rule of rules) {
  describe(`the rule ${rule.id}`, () => {
    const examplesOf = examples.filter((example) => example.rule === rule.id);
    const [holding, broken] = [examplesOf.filter(isContent), examplesOf.filter((example) => !isContent(example))];

    it("has an example that passes and one that fails", () => assert.ok(holding.length > 0 && broken.length > 0));

    for (const { title, resources, losses = [], violations, settings: own } of examplesOf) {
      const settings = { ...usual, ...own };
      it(`${violations.length === 0 ? "is content with" : "complains of"} ${title}`, () => {
        const found = violationsOf(rule, resources, settings).map(
          ({ resource, message }) => `${placeOf(resource)} ${message}`,
        );
        const lost = losses.flatMap((loss) => rule.evaluateLoss?.(loss, settings) ?? []);
        assert.deepEqual([...found, ...lost].toSorted(), violations.toSorted());
      });
    }
  });
}

function isContent({ violations }: { violations: string[] }): boolean {
  return violations.length === 0;
}

describe("the policy's data", () => {
  it("has an example of no rule that does not exist, and no rule twice", () => {
    const ids = rules.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(
      examples.filter(({ rule }) => !ids.includes(rule)),
      [],
    );
  });

  it("says of each rule what it demands and what fixes it", () => {
    for (const { id, description, remediation } of rules) {
      assert.match(id, /^[a-z]+(-[a-z]+)+$/);
      assert.ok(description.endsWith(".") && remediation.endsWith(".") && remediation.length > 20, id);
    }
  });

  it("gives a reason for each exception, of a rule that exists", () => {
    for (const { rule, reason } of exceptions) {
      assert.ok(rules.some(({ id }) => id === rule) && reason.length > 20, rule);
    }
    for (const { reason } of [...allowedRegistries, ...clouds.flatMap(({ policy }) => policy.allowed)]) {
      assert.ok(reason.length > 15, reason);
    }
  });
});
