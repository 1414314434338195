import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { outcomeOf, suites } from "../../scripts/ci/suites.ts";

describe("the suites", () => {
  it("have every story of the cluster", () => {
    const files = readdirSync(join(import.meta.dirname, "../e2e")).filter((file) => file.endsWith(".test.ts"));
    const stories = suites.map(({ name }) => name).filter((name) => name.startsWith("e2e/"));
    assert.deepEqual(
      stories,
      files.sort().map((file) => `e2e/${file.replace(/\.test\.ts$/, "")}`),
    );
  });
});

describe("the outcome of a suite", () => {
  it("is read from mocha's closing lines", () => {
    const output = "  2 passing (1s)\n\nskipped: no helm on PATH\nfailed: a sum: 1 is not 2\n12 passed, 3 failed\n";
    const expected = { passed: 12, failed: 3, skipped: ["no helm on PATH"], failures: ["a sum: 1 is not 2"] };
    assert.deepEqual(outcomeOf(output), expected);
  });

  it("is read from pytest's closing lines, errors counted as failures", () => {
    const output = [
      "SKIPPED [1] tests/test_a.py:3: postgresql-15 is not installed",
      "SKIPPED [4] tests/test_b.py:9: postgresql-15 is not installed",
      "FAILED tests/test_a.py::test_sum - assert 1 == 2",
      "ERROR tests/test_b.py",
      "ERROR in a log is no test",
      "1 failed, 20 passed, 5 skipped, 2 errors in 3.21s",
    ].join("\n");
    assert.deepEqual(outcomeOf(output), {
      passed: 20,
      failed: 3,
      skipped: ["postgresql-15 is not installed"],
      failures: ["tests/test_a.py::test_sum - assert 1 == 2", "tests/test_b.py"],
    });
  });

  it("is nothing passed where a suite said nothing", () => {
    assert.deepEqual(outcomeOf("Traceback"), { passed: 0, failed: 0, skipped: [], failures: [] });
  });
});
