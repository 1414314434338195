import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { doctorMarkdown } from "../../scripts/doctor/reference.ts";

describe("docs/doctor.md", () => {
  it("is made from the checks", () => {
    const written = readFileSync(join(import.meta.dirname, "../../docs/doctor.md"), "utf8");
    assert.equal(written, doctorMarkdown(), "run node_modules/.bin/node scripts/doctor/reference.ts");
  });
});
