import assert from "node:assert/strict";
import { sum } from "../../lib/kubernetes/demand.ts";
import type { Report } from "../../preview/report/report.ts";
import { textOf } from "../../preview/report/text.ts";

const empty: Report = {
  project: "mlops",
  stack: "test",
  resources: [],
  outputs: {},
  demand: [],
  total: sum([]),
  jobs: sum([]),
  nodeGroups: [],
  billed: [],
  cost: undefined,
  charts: [],
  policies: [],
  overrides: [],
  labelCommands: [],
  encryptedKeys: [],
  warnings: [],
};

describe("the report as a text", () => {
  it("ends with the sections at the top, and names only those that it has", () => {
    const lastLine = (change: Partial<Report>) =>
      textOf({ ...empty, ...change })
        .trimEnd()
        .split("\n")
        .at(-1);
    const cost = { region: "europe-west4", seen: "2026-11-01", lines: [], missing: [], totalUsd: 0, free: [] };
    const policy: Report["policies"][number] = {
      policy: "pods-restricted",
      enforcement: "mandatory",
      violations: [],
      remediation: "",
      severity: "high",
      description: "",
    };
    const outputs = { webserverUrl: "http://localhost:8080" };
    assert.equal(lastLine({}), "0 resources.");
    assert.equal(lastLine({ outputs, policies: [policy] }), "0 resources. At the top: URLs, policies.");
    assert.equal(lastLine({ cost, warnings: ["a: found b"] }), "0 resources. At the top: cost, warnings.");
  });

  it("counts the warnings", () => {
    const first = (warnings: string[]) => /^Warnings: .*$/m.exec(textOf({ ...empty, warnings }))?.[0];
    assert.equal(first(["a: found b"]), "Warnings: 1 likely mistake");
    assert.doesNotMatch(textOf({ ...empty, warnings: ["a: found b\n  fix: x"] }), /asks for the value/);
    const asking = "a: found b\n  fix: scripts/pulumi config set --path 'a'";
    assert.match(textOf({ ...empty, warnings: [asking] }), /^  fix: .*\n.*asks for the value\.$/m);
    assert.equal(first(["a: found b", "c: found d"]), "Warnings: 2 likely mistakes");
  });
});
