import assert from "node:assert/strict";
import { alertQueries, missingMetrics, panelQueries } from "../../scripts/platform/prometheus-queries.ts";

const query = (expr: string) => ({ file: "platform.json", title: "Some panel", expr });

describe("the queries of dashboards and alerts", () => {
  it("are read with their file and title, and have no variable of Grafana's left", () => {
    const found = panelQueries();
    const failures = found.find(({ file, title }) => file === "airflow.json" && title === "Failed attempts by task");
    assert.equal(failures?.expr, 'sum by (dag_id, task_id) (increase(airflow_ti_failures{dag_id=~".*"}[1h])) > 0');
    assert.deepEqual(
      found.filter(({ expr }) => expr.includes("$")),
      [],
    );
    assert.ok(alertQueries().some(({ file, title }) => file === "postgres.yaml" && title === "PostgresDown"));
  });
});

describe("what is missing", () => {
  it("is each metric that a query names, once, with the query", () => {
    const first = query("rate(a_total[5m])");
    const second = query("a_total / b_bytes");
    assert.deepEqual(missingMetrics([first, second], new Set(["b_bytes"]), {}), [{ metric: "a_total", query: first }]);
  });

  it("is not what nothing has happened to", () => {
    const failures = query("sum(airflow_ti_failures)");
    assert.deepEqual(missingMetrics([failures], new Set(), {}), []);
    assert.deepEqual(missingMetrics([failures], new Set(), { failedTask: true }), [
      { metric: "airflow_ti_failures", query: failures },
    ]);
  });
});
