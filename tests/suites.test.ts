import assert from "node:assert/strict";
import { outcomeOf } from "./suites.ts";

describe("the outcome of a suite", () => {
  it("is read from mocha's closing lines", () => {
    const output = "  2 passing (1s)\n\nskipped: no helm on PATH\n12 passed, 3 failed\n";
    assert.deepEqual(outcomeOf(output), { passed: 12, failed: 3, skipped: ["no helm on PATH"] });
  });

  it("is read from pytest's closing lines, errors counted as failures", () => {
    const output = [
      "SKIPPED [1] tests/test_a.py:3: postgresql-15 is not installed",
      "SKIPPED [4] tests/test_b.py:9: postgresql-15 is not installed",
      "1 failed, 20 passed, 5 skipped, 2 errors in 3.21s",
    ].join("\n");
    assert.deepEqual(outcomeOf(output), { passed: 20, failed: 3, skipped: ["postgresql-15 is not installed"] });
  });

  it("is nothing passed where a suite said nothing", () => {
    assert.deepEqual(outcomeOf("Traceback"), { passed: 0, failed: 0, skipped: [] });
  });
});
