import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { parse, stringify } from "yaml";
import { monitorSecret, podMonitors } from "../../components/monitoring/pod-monitors.ts";
import { scopedQuery } from "../../components/monitoring/scoped-queries.ts";
import { endpointsOf } from "../../components/monitoring/scrapes.ts";
import { siteDashboards } from "../../components/monitoring/site-dashboards.ts";
import { siteRules } from "../../components/monitoring/site-rules.ts";
import { dataFiles } from "../../components/objects/data-files.ts";
import { validate } from "../../config.ts";
import { at, listAt } from "../../lib/json.ts";
import { metricsOf } from "../../lib/promql.ts";
import { withoutVariables } from "../../scripts/platform/prometheus-queries.ts";
import { promtoolOn, requirePromtool } from "./promtool.ts";

const operator = validate({ cluster: { kind: "minikube" }, monitoring: { kind: "operator" } });
const logins = {
  mlflow: { username: "admin", password: pulumi.secret("") },
  minio: { token: pulumi.secret("") },
};
const scope = { platform: "ml", namespaces: ["ml", "alpha"] };
const jobs = { jobs: ["airflow", "mlflow"], absent: ["minio", "minio-bucket"] };

describe("a Prometheus of the site", () => {
  const endpoints = endpointsOf(operator, logins);

  it("collects from every part that the stack runs, each under the job that alerts and dashboards name", () => {
    const relabelled = [...podMonitors(endpoints)].flatMap(([group, { podMetricsEndpoints }]) =>
      podMetricsEndpoints.map((endpoint) => [
        group,
        at(endpoint, "relabelings.0.regex"),
        at(endpoint, "relabelings.1.replacement"),
        at(endpoint, "path"),
      ]),
    );
    assert.deepEqual(relabelled, [
      ["airflow-statsd", "9102", "airflow", undefined],
      ["minio", "9000", "minio", "/minio/v2/metrics/cluster"],
      ["minio", "9000", "minio-bucket", "/minio/v2/metrics/bucket"],
      ["mlflow", "5000", "mlflow", undefined],
      ["postgres-exporter", "9187", "postgres", undefined],
    ]);
    assert.deepEqual(podMonitors(endpoints).get("airflow-statsd")?.selector, {
      matchLabels: { release: "airflow", component: "statsd" },
    });
  });

  it("reads each login from an entry of the Secret", () => {
    const monitors = podMonitors(endpoints);
    const named = [...monitors.values()].flatMap(({ podMetricsEndpoints }) =>
      podMetricsEndpoints.flatMap((endpoint) =>
        ["basicAuth.username", "basicAuth.password", "authorization.credentials"]
          .map((path) => at(endpoint, path))
          .filter((entry) => entry !== undefined),
      ),
    );
    assert.deepEqual(new Set(named.map((entry) => at(entry, "name"))), new Set(["metrics-credentials"]));
    assert.deepEqual(
      named.map((entry) => at(entry, "key")).toSorted(),
      Object.keys(monitorSecret(endpoints)).toSorted(),
    );
  });

  it("is not given the login of the platform's own, which does not run", () => {
    const own = endpointsOf(validate({ cluster: { kind: "minikube" } }), logins);
    assert.throws(() => monitorSecret(own), /alertmanager takes the login of a Prometheus that the stack does not run/);
  });
});

describe("scopedQuery", () => {
  const cases: Record<string, string> = {
    up: 'up{namespace="ml"}',
    'up{job="airflow"} offset 15m': 'up{namespace="ml", job="airflow"} offset 15m',
    "sum(rate(kube_x[5m])) / y{}": 'sum(rate(kube_x{namespace=~"ml|alpha"}[5m])) / y{namespace="ml"}',
    'container_x{pod="a"}': 'container_x{namespace=~"ml|alpha", container="", pod="a"}',
    'container_x{id="/"} / machine_y': 'container_x{id="/"} / machine_y',
    'ALERTS{alertstate="firing"}': 'ALERTS{platform="ml", alertstate="firing"}',
  };
  for (const [query, scoped] of Object.entries(cases)) {
    it(`makes ${scoped}`, () => {
      assert.equal(scopedQuery(query, scope), scoped);
    });
  }
});

describe("siteRules", () => {
  const { groups } = siteRules(scope, jobs);
  const rules = groups.flatMap((group) => group.rules);
  const names = rules.map(({ alert }) => alert);

  it("have every alert but those about nodes, the site's Alertmanager, and parts that do not run", () => {
    const all = Object.values(dataFiles("alerts", ".yaml")).flatMap((text) =>
      listAt(parse(text), "groups").flatMap((group) => listAt(group, "rules").map((rule) => String(at(rule, "alert")))),
    );
    assert.deepEqual(
      all.filter((name) => !names.includes(name)),
      ["KubernetesNodeDiskFillingUp", "MinioSpaceLow", "MinioDriveOffline", "AlertmanagerCannotNotify"],
    );
  });

  it("label each alert with the platform", () => {
    assert.deepEqual(new Set(rules.map(({ labels }) => labels.platform)), new Set(["ml"]));
  });

  it("tell of a part without a pod, of which no target is left", () => {
    const down = rules.find(({ alert }) => alert === "PrometheusTargetDown");
    assert.equal(
      down?.expr,
      'up{namespace="ml"} == 0\n  or absent(up{namespace="ml", job="airflow"})\n  or absent(up{namespace="ml", job="mlflow"})',
    );
  });

  it("are rules to promtool", function () {
    requirePromtool(this);
    const { passed, output } = promtoolOn(["check", "rules"], stringify({ groups }));
    assert.ok(passed, output);
  });
});

describe("siteDashboards", () => {
  const dashboards = siteDashboards(scope, jobs, "metrics");

  it("are those of the parts that run", () => {
    assert.deepEqual(Object.keys(dashboards), [
      "airflow.json",
      "kubernetes.json",
      "mlflow.json",
      "platform.json",
      "postgres.json",
    ]);
  });

  it("query the same metrics of this platform alone, from the site's data source", () => {
    const own = dataFiles("dashboards", ".json");
    for (const [file, text] of Object.entries(dashboards)) {
      const expressions = (from: string | undefined) =>
        listAt(JSON.parse(from ?? "{}"), "panels").flatMap((panel) =>
          listAt(panel, "targets").map((target) => String(at(target, "expr"))),
        );
      const [before, after] = [expressions(own[file]), expressions(text)];
      const read = (queries: string[]) => queries.map((query) => metricsOf(withoutVariables(query)));
      assert.deepEqual(read(after), read(before));
      const unscoped = after.filter((query) => !/namespace=|platform=|id="\/"|machine_/.test(query));
      assert.deepEqual(unscoped, []);
      assert.doesNotMatch(text, /"uid": "prometheus"|label_values\(\w+,/);
      assert.ok(text.includes("$__rate_interval") || !(own[file]?.includes("$__rate_interval") ?? false));
    }
  });

  it("have names and tags of their own among those of others", () => {
    const airflow: unknown = JSON.parse(dashboards["airflow.json"] ?? "");
    assert.equal(at(airflow, "uid"), "ml-airflow");
    assert.equal(at(airflow, "title"), "ml / Airflow");
    assert.deepEqual(at(airflow, "tags"), ["ml"]);
    assert.deepEqual(at(airflow, "links.0.tags"), ["ml"]);
  });
});
