import assert from "node:assert/strict";
import { evaluatePolicies } from "../../preview/policies.ts";
import type { Rendering } from "../../preview/render.ts";
import { stacksOf } from "../../preview/stack.ts";
import { exampleCases } from "./example-stacks.ts";
import { type Case, casesOf, configuredSecret, folder, renderCase } from "./program-cases.ts";
import { checks } from "./program-checks.ts";
import { generatedSecrets, plainSecrets, unusedSecrets } from "./program-secrets.ts";

const configuredSecrets = [
  "api-key",
  "webhook",
  "postgres",
  "token",
  "ssh",
  "smtp",
  "connection",
  "variable",
  "registry",
  "hub",
  "s3-key",
  "s3-secret",
  "s3-backup-key",
  "s3-backup-secret",
  "proxy",
].map(configuredSecret);

function secretsIn(config: Record<string, unknown>): string[] {
  const text = JSON.stringify(config);
  return configuredSecrets.filter((secret) => text.includes(secret) || text.includes(encodeURIComponent(secret)));
}

const cases: Record<string, Case[]> = {
  ...Object.fromEntries(stacksOf(folder).map((stack) => [`the stack ${stack}`, casesOf(stack)])),
  "the examples": exampleCases(),
};

for (const [name, all] of Object.entries(cases)) {
  describe(`the program of ${name}`, () => {
    for (const each of all) {
      describe(each.title, () => {
        let rendering: Rendering;
        before(async () => {
          rendering = await renderCase(each);
        });

        for (const [title, check] of Object.entries(checks)) {
          it(title, () => assert.deepEqual(check(rendering), []));
        }

        it("every policy holds", () => {
          const broken = evaluatePolicies(rendering).filter(({ violations }) => violations.length > 0);
          assert.deepEqual(
            broken.map(({ policy, violations }) => [policy, violations]),
            [],
          );
        });

        it("no secret is outside of what is marked secret", () => {
          assert.deepEqual(plainSecrets(rendering, configuredSecrets), []);
        });

        it("every configured secret reaches a Secret", () => {
          assert.deepEqual(unusedSecrets(rendering, secretsIn(each.config)), []);
        });

        it("every drawn secret is drawn once", () => {
          const secrets = generatedSecrets(rendering);
          assert.equal(new Set(secrets).size, secrets.length);
        });
      });
    }
  });
}
