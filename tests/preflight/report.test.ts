import assert from "node:assert/strict";
import { ConfigError } from "../../config/errors.ts";
import { exampleValue } from "../../config/rules/value-rules.ts";
import { configurationRows, unplannedRows } from "../../scripts/preflight/configuration.ts";
import { quotaRow } from "../../components/preflight/quota.ts";
import { exitCodeOf, jsonOf, textOf } from "../../scripts/preflight/report.ts";
import { failed, notChecked, ok, unknown } from "../../components/preflight/row.ts";

const rows = [
  ok("credentials", "ana@corp.test"),
  failed("billing", "acme has no billing account", "gcloud billing projects link acme --billing-account <account>"),
  unknown("permissions", "denied"),
  notChecked("names", "it needs the project"),
];

describe("the result of a preflight", () => {
  it("is a table with one command for each failure", () => {
    assert.equal(
      textOf(rows),
      `state        check        found                        what to type
ok           credentials  ana@corp.test
failed       billing      acme has no billing account  gcloud billing projects link acme --billing-account <account>
unknown      permissions  denied
not checked  names        it needs the project
Replace each <…> with a value of your own.
1 check failed; 2 could not be checked. Nothing was changed. SKIP_PREFLIGHT=1 deploys without these checks. docs/preflight.md explains each check.`,
    );
    assert.equal(exitCodeOf(rows), 1);
  });

  it("is no failure where something is not known", () => {
    const others = rows.filter(({ state }) => state !== "failed");
    assert.match(textOf(others), /\nNothing was found that stops a deployment; 2 could not be checked\.$/);
    assert.equal(exitCodeOf(others), 0);
  });

  it("is JSON for programs", () => {
    assert.deepEqual(JSON.parse(jsonOf("gke", rows)), { stack: "gke", failed: 1, rows });
  });
});

describe("a stack's file", () => {
  const problem = (key: string, allowed: string) => ({ key, found: "x", allowed, fix: `set ${key} --stack <stack>` });

  it("fails with the values of examples that a deployment would use, and with no other warning", () => {
    const warnings = [
      problem("cluster.project", exampleValue),
      problem("projects[0].config.WIKIMEDIA_CONTACT", exampleValue),
      problem("backup.enabled", "true"),
    ];
    const found = `cluster.project: found x; expected: ${exampleValue}`;
    const row = { check: "configuration", state: "failed", found, fix: "set cluster.project --stack team/gke" };
    assert.deepEqual(configurationRows(warnings, "team/gke"), [row]);
    assert.equal(configurationRows([], "gke")[0]?.state, "ok");
  });

  it("fails with each problem of its configuration, and its fix", () => {
    const error = new ConfigError([problem("cluster.region", "a region")], "gke");
    const row = { check: "configuration", state: "failed", found: "cluster.region: found x; allowed: a region" };
    assert.deepEqual(unplannedRows(error), [{ ...row, fix: "set cluster.region --stack gke" }]);
    assert.equal(unplannedRows(new Error("no such file"))[0]?.state, "unknown");
  });
});

describe("a quota", () => {
  it("has to hold the first deployment; what comes later is told", () => {
    const need = { what: "vCPUs", first: 4, most: 16 };
    assert.equal(quotaRow(need, { limit: 4, usage: 1 }, "ask").state, "failed");
    const row = quotaRow(need, { limit: 8, usage: 4 }, "ask");
    assert.match(row.found, /^4 of 8 are in use, .* needs 4; not enough for the pools' maximum, 16$/);
    assert.equal(row.state, "ok");
    assert.equal(quotaRow(need, undefined, "ask").state, "unknown");
  });
});
