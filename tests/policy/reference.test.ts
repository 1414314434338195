import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { policyMarkdown } from "../../policy/reference.ts";

describe("docs/policy.md", () => {
  it("is made from the rules", () => {
    const written = readFileSync(join(import.meta.dirname, "../../docs/policy.md"), "utf8");
    assert.equal(written, policyMarkdown(), "run node_modules/.bin/node policy/reference.ts");
  });
});
