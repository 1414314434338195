import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { networkMarkdown } from "../../preview/diagrams/network-reference.ts";

describe("docs/network.md", () => {
  it("is made from the network table", () => {
    const written = readFileSync(join(import.meta.dirname, "../../docs/network.md"), "utf8");
    assert.equal(written, networkMarkdown(), "run node_modules/.bin/node preview/diagrams/network-reference.ts");
  });

  it("says of what a stack may lack on which condition it is there", () => {
    const rows = networkMarkdown().split("\n");
    assert.ok(rows.some((row) => /^\| airflow-redis \| 6379 \|.*\| an executor with Celery \|$/.test(row)));
    assert.ok(rows.some((row) => /^\| postgres \| 5432 \| tasks \| `postgres.kind` cluster, a project \|$/.test(row)));
    assert.ok(rows.some((row) => /^\| 169\.254\..*\| a cloud's identity \|$/.test(row)));
    assert.ok(rows.some((row) => /^\| mlflow \| 5000 \| mlflow-provision \|\s+\|$/.test(row)));
    assert.ok(rows.some((row) => /^\| any address \| 10250 \| prometheus \| `monitoring.kind` bundled \|$/.test(row)));
  });
});
