// Answers of Prometheus 3.5, shortened to what is looked at.
import assert from "node:assert/strict";
import { alertsVerdict, dashboardsVerdict, targetsVerdict } from "../../scripts/verify/metrics.ts";

const target = (job: string, health: string, lastError = "") => ({
  labels: { job },
  scrapeUrl: `http://${job}.mlops.svc/metrics`,
  health,
  lastError,
});

describe("verify: the targets of Prometheus", () => {
  it("are fine when all are up; those of parts that the platform has not do not count", () => {
    const outcome = targetsVerdict(
      [target("mlflow", "up"), target("minio", "up"), target("grafana", "down")],
      ["grafana"],
    );
    assert.deepEqual(outcome, { state: "ok", seen: "2 targets up: minio, mlflow" });
  });

  it("fail with Prometheus's own reason", () => {
    const refused =
      'Get "http://mlflow.mlops.svc:5000/metrics": dial tcp 10.96.22.112:5000: connect: connection refused';
    assert.deepEqual(targetsVerdict([target("minio", "up"), target("mlflow", "down", refused)], []), {
      state: "failed",
      seen: `mlflow is down: ${refused}`,
      fix: "docs/troubleshooting.md#prometheustargetdown",
    });
  });

  it("fail when there are none", () => {
    assert.equal(targetsVerdict([], []).state, "failed");
  });
});

describe("verify: dashboards", () => {
  const query = { file: "mlflow.json", title: "Requests", expr: "sum(rate(mlflow_http_request_total[2m]))" };
  const nothing = { empty: [], missing: [], quiet: [] };

  it("are fine when every query has data, or a reason to have none", () => {
    assert.deepEqual(dashboardsVerdict(nothing, []), { state: "ok", seen: "every query has data" });
    const quiet = [{ query, reason: "no Job has failed" }];
    assert.equal(
      dashboardsVerdict({ ...nothing, quiet }, []).seen,
      "every query has data; 1 empty as expected: no Job has failed",
    );
  });

  it("fail with the panel and its query", () => {
    const outcome = dashboardsVerdict({ ...nothing, empty: [query] }, []);
    assert.ok(outcome.state === "failed");
    assert.equal(outcome.seen, 'no data for mlflow.json "Requests"');
    assert.match(outcome.fix, /query Prometheus for: sum\(rate\(mlflow_http_request_total\[2m\]\)\)$/);
  });

  it("fail with a metric that an alert watches and nobody sends", () => {
    const missing = [{ metric: "pg_up", query: { file: "postgres.yaml", title: "PostgresDown", expr: "pg_up == 0" } }];
    assert.equal(dashboardsVerdict({ ...nothing, missing }, []).seen, 'Prometheus has no pg_up ("PostgresDown")');
  });

  it("leave out Airflow's where it is outside of the cluster", () => {
    const airflow = { file: "airflow.json", title: "Pools", expr: "airflow_pool_open_slots" };
    const missing = [{ metric: "airflow_ti_failures", query: { ...airflow, file: "platform.json" } }];
    assert.equal(dashboardsVerdict({ ...nothing, empty: [airflow], missing }, ["airflow"]).state, "ok");
    assert.equal(dashboardsVerdict({ ...nothing, empty: [airflow] }, []).state, "failed");
  });
});

describe("verify: alert rules", () => {
  const rule = (name: string, health = "ok", state = "inactive") => ({ name, health, state });

  it("are fine when each is loaded; those that fire are told", () => {
    assert.equal(alertsVerdict([rule("A"), rule("B")], ["A", "B"]).seen, "2 rules loaded, none fires");
    assert.equal(alertsVerdict([rule("A"), rule("B", "ok", "firing")], ["A", "B"]).seen, "2 rules loaded, firing: B");
  });

  it("fail for one that is not loaded, and for one that cannot be evaluated", () => {
    assert.deepEqual(alertsVerdict([rule("A")], ["A", "B"]), {
      state: "failed",
      seen: "not loaded: B",
      fix: "run make up, which deploys alerts/; Prometheus reads them about a minute later",
    });
    const broken = { ...rule("A", "err"), lastError: "found duplicate series" };
    assert.equal(alertsVerdict([broken], ["A"]).seen, "cannot be evaluated: A: found duplicate series");
  });
});
