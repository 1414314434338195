import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { parse, stringify } from "yaml";
import { monitorSecret, podMonitors } from "../../components/monitoring/pod-monitors.ts";
import { SiteMonitoring } from "../../components/monitoring/site-monitoring.ts";
import { scopedQuery } from "../../components/monitoring/scoped-queries.ts";
import { endpointsOf } from "../../components/monitoring/scrapes.ts";
import { siteDashboards } from "../../components/monitoring/site-dashboards.ts";
import { siteRules } from "../../components/monitoring/site-rules.ts";
import { dataFiles } from "../../components/objects/data-files.ts";
import { validate } from "../../config.ts";
import { at, listAt } from "../../lib/json.ts";
import { metricsOf, withMatchers } from "../../lib/promql.ts";
import type { Recording } from "../../lib/recording.ts";
import { record } from "../../preview/recorder/recorder.ts";
import { withoutVariables } from "../../scripts/platform/prometheus-queries.ts";
import { fields, registration, showing, typesAndNames } from "../program/registrations.ts";
import { isSecret } from "../secret-input.ts";
import { promtoolOn, requirePromtool } from "./promtool.ts";

const operator = validate({ cluster: { kind: "minikube" }, monitoring: { kind: "operator" } });
const logins = {
  mlflow: { username: "admin", password: pulumi.secret("") },
  minio: { token: pulumi.secret("") },
};
const scope = { platform: "ml", namespaces: ["ml", "alpha"] };
const jobs = { jobs: ["airflow", "mlflow"], absent: ["minio", "minio-bucket"] };

/** The selectors of a query that do not say by matchers of their own whose series they are. */
function unscopedSelectors(query: string): string[] {
  const unscoped: string[] = [];
  withMatchers(query, (metric, own) => {
    const scoped = ['namespace="ml"', 'namespace=~"ml|alpha"', 'platform="ml"', 'id="/"'];
    const isScoped = metric.startsWith("machine_") || scoped.some((matcher) => own.split(", ").includes(matcher));
    if (!isScoped) unscoped.push(`${metric}{${own}}`);
    return [];
  });
  return unscoped;
}

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

describe("SiteMonitoring", () => {
  const part = { "app.kubernetes.io/part-of": "site" };
  const config = validate({
    cluster: { kind: "minikube" },
    monitoring: {
      kind: "operator",
      labels: { release: "prometheus", ...part },
      dashboardLabels: { dashboards: "yes", ...part },
    },
  }).monitoring;
  assert.ok(config.kind === "operator");
  const password = "a-password-of-mlflow";
  const withPasswords = { mlflow: { username: "admin", password: pulumi.secret(password) }, minio: logins.minio };
  let recording: Recording;
  before(async () => {
    recording = await record(() => {
      const endpoints = endpointsOf(operator, withPasswords);
      new SiteMonitoring("site-monitoring", { namespace: "ml", config, scope, endpoints });
    });
  });
  const monitors = ["airflow-statsd", "minio", "mlflow", "postgres-exporter"];
  const dashboards = ["airflow", "kubernetes", "minio", "mlflow", "platform", "postgres"];
  const input = (type: string, name: string) => registration(recording.resources, `kubernetes:${type}`, name).inputs;

  it("makes these children and no other", () => {
    assert.deepEqual(
      typesAndNames(recording.resources),
      [
        "kubernetes:core/v1:Secret metrics-credentials",
        "kubernetes:monitoring.coreos.com/v1:PrometheusRule platform-alerts",
        "mlops:site-monitoring:SiteMonitoring site-monitoring",
        ...monitors.map((name) => `kubernetes:monitoring.coreos.com/v1:PodMonitor ${name}-monitor`),
        ...dashboards.map((name) => `kubernetes:core/v1:ConfigMap dashboard-${name}`),
      ].toSorted(),
    );
  });

  it("labels what Prometheus and Grafana select as the site wants it, also against the program's own labels", () => {
    const own = (name: string) => ({
      "app.kubernetes.io/name": "monitoring",
      "app.kubernetes.io/component": name,
      "app.kubernetes.io/managed-by": "pulumi",
    });
    for (const name of monitors) {
      assert.deepEqual(at(input("monitoring.coreos.com/v1:PodMonitor", `${name}-monitor`), "metadata"), {
        name,
        namespace: "ml",
        labels: { ...own(name), release: "prometheus", ...part },
      });
    }
    assert.deepEqual(at(input("monitoring.coreos.com/v1:PrometheusRule", "platform-alerts"), "metadata.labels"), {
      ...own("platform-alerts"),
      release: "prometheus",
      ...part,
    });
    for (const name of dashboards.map((each) => `dashboard-${each}`)) {
      const labels = at(input("core/v1:ConfigMap", name), "metadata.labels");
      assert.deepEqual(labels, { ...own(name), dashboards: "yes", ...part });
    }
    assert.equal(at(input("core/v1:Secret", "metrics-credentials"), "metadata.labels.release"), undefined);
  });

  it("keeps the logins in the Secret alone", () => {
    const secret = registration(recording.resources, "kubernetes:core/v1:Secret", "metrics-credentials");
    assert.deepEqual(secret.inputs.stringData, {
      "minio-bucket-token": "",
      "minio-token": "",
      "mlflow-password": password,
      "mlflow-username": "admin",
    });
    assert.ok(isSecret(secret, "stringData.mlflow-password"));
    assert.deepEqual(showing(recording.resources, password), []);
  });

  it("names each dashboard's file by the platform, in a folder that others share", () => {
    const keys = dashboards.map((name) => Object.keys(fields(input("core/v1:ConfigMap", `dashboard-${name}`).data)));
    assert.deepEqual(
      keys,
      dashboards.map((name) => [`ml-${name}.json`]),
    );
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

  it("query this platform alone", () => {
    assert.deepEqual(
      rules.flatMap(({ expr }) => unscopedSelectors(expr)),
      [],
    );
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
      const variables = [...text.matchAll(/label_values\((.+), *\w+\)/g)].map(([, selector]) =>
        String(JSON.parse(`"${selector ?? ""}"`)),
      );
      assert.deepEqual([...after.map(withoutVariables), ...variables].flatMap(unscopedSelectors), []);
      assert.doesNotMatch(text, /"uid": "prometheus"/);
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

  it("have uids that Grafana accepts, of 40 characters at most, behind a namespace of 40", () => {
    const platform = "m".repeat(40);
    const uids = [platform, `${platform.slice(1)}n`].flatMap((each) =>
      Object.values(siteDashboards({ platform: each, namespaces: [each] }, jobs, "metrics")).map((text) =>
        String(at(JSON.parse(text), "uid")),
      ),
    );
    assert.equal(uids.length, 10);
    assert.equal(new Set(uids).size, uids.length);
    for (const uid of uids) assert.match(uid, /^m{31}-[0-9a-f]{8}$/);
  });
});
