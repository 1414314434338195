import assert from "node:assert/strict";
import {
  alertQueries,
  metricsOf,
  missingMetrics,
  panelQueries,
  withoutThresholds,
} from "../../scripts/platform/prometheus-queries.ts";

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

describe("metricsOf", () => {
  it("finds metrics and nothing else of a query", () => {
    const query = `sum by (a, b) (rate(x_total{l="y", m=~"z.+"}[$__rate_interval])) / on (c) group_left () (up offset 15m > 0) or vector(0)`;
    assert.deepEqual(metricsOf(query), ["x_total", "up"]);
    assert.deepEqual(metricsOf(`topk(10, max(ALERTS{alertstate="firing"}) - time() unless foo:bar) and on () baz`), [
      "ALERTS",
      "foo:bar",
      "baz",
    ]);
  });
});

describe("withoutThresholds", () => {
  it("keeps what is watched and drops how much of it is trouble", () => {
    assert.equal(withoutThresholds("sum by (a) (x_total) > 3.5"), "sum by (a) (x_total)");
    assert.equal(
      withoutThresholds("(rate(x[5m]) or on () vector(0)) == 0 and on () up == 1"),
      "(rate(x[5m]) or on () vector(0)) and on () up",
    );
    assert.equal(withoutThresholds("time() - max(x) > 26 * 3600"), "time() - max(x)");
    assert.equal(withoutThresholds('a / (b{c!="1", d=~"2"} > 0) > max(e)'), 'a / (b{c!="1", d=~"2"}) > max(e)');
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
