import assert from "node:assert/strict";
import { rulesOf } from "../../components/network/network-policies.ts";
import { type Flow, networkTable } from "../../components/network/network-table.ts";
import { type PodGroupName, podGroups } from "../../components/parts.ts";
import { validate } from "../../config.ts";
import { at } from "../../lib/json.ts";

const names = { platform: "mlops", projects: ["alpha", "beta"] };
const base = { cluster: { kind: "minikube" }, projects: [{ name: "alpha" }, { name: "beta" }] };
const inside = { cidr: undefined, port: 5432 };

function flows(config: Record<string, unknown> = {}): Flow[] {
  return networkTable(validate({ ...base, ...config }), [], inside).flows;
}

const hasFlow = (all: Flow[], from: PodGroupName, to: PodGroupName) =>
  all.some((flow) => flow.from === from && flow.to === to);

describe("the network table", () => {
  it("lets task pods reach their stores and MLflow, and nothing of Airflow", () => {
    const reached = flows().filter(({ from }) => from === "tasks");
    assert.deepEqual(reached.map(({ to, ports }) => `${to}:${ports.join()}`).sort(), [
      "minio:9000",
      "mlflow:5000",
      "postgres:5432",
    ]);
    assert.equal(flows().filter(({ to }) => to === "tasks").length, 0);
  });

  it("has Redis only with Celery, MinIO and Postgres only where they run, tasks only with projects", () => {
    const external = {
      postgres: { kind: "external", host: "db", caCertificate: "-----BEGIN CERTIFICATE-----" },
      secrets: { postgres: { adminPassword: "x" } },
    };
    assert.equal(hasFlow(flows(), "airflow-scheduler", "airflow-redis"), false);
    assert.equal(
      hasFlow(flows({ airflow: { executor: "CeleryExecutor" } }), "airflow-scheduler", "airflow-redis"),
      true,
    );
    assert.equal(hasFlow(flows(external), "mlflow", "postgres"), false);
    assert.equal(
      flows({ projects: [] }).some(({ from }) => from === "tasks"),
      false,
    );
  });

  it("lets an outside Postgres be reached at its address alone", () => {
    const { outbound } = networkTable(validate(base), [], { cidr: "198.51.100.7/32", port: 6432 });
    const toServer = outbound.filter(({ cidr }) => cidr === "198.51.100.7/32");
    assert.ok(toServer.some(({ from }) => from === "tasks"));
    assert.ok(toServer.every(({ ports }) => ports.length === 1 && ports[0] === 6432));
    assert.ok(toServer.every(({ from }) => from !== "prometheus" && from !== "grafana"));
  });

  it("lets the backup reach both stores, its identity and nothing else, and only where it is on", () => {
    const identity = [{ cidr: "169.254.169.254/32", ports: [80] }];
    const server = { cidr: "198.51.100.7/32", port: 6432 };
    const tableOf = (backup: object) => networkTable(validate({ ...base, backup }), identity, server);
    const on = tableOf({});
    const reached = on.flows.filter(({ from }) => from === "backup").map(({ to, ports }) => `${to}:${ports.join()}`);
    assert.deepEqual(reached, ["postgres:5432", "minio:9000"]);
    assert.deepEqual(
      on.outbound.filter(({ from }) => from === "backup").map(({ cidr, ports }) => `${cidr}:${ports.join()}`),
      ["198.51.100.7/32:6432", "169.254.169.254/32:80", "0.0.0.0/0:443"],
    );
    const off = tableOf({ enabled: false });
    assert.ok([...off.flows, ...off.outbound].every(({ from }) => from !== "backup"));
  });

  it("opens the web UIs to the outside only where they are exposed", () => {
    const inbound = (exposure: object) => networkTable(validate({ ...base, exposure }), [], inside).inbound;
    assert.deepEqual(inbound({ kind: "portForward" }), []);
    assert.deepEqual(
      inbound({ kind: "nodePort" })
        .map(({ to, port }) => `${to}:${port}`)
        .sort(),
      ["airflow-api-server:8080", "grafana:3000", "minio:9001", "mlflow:5000", "prometheus:9090"],
    );
  });

  it("lets only those read git who need the DAGs", () => {
    const dags = { kind: "git", repository: "https://git.example.org/dags.git" };
    const { outbound } = networkTable(validate({ ...base, airflow: { dags } }), [], inside);
    const readers = outbound.filter(({ ports }) => ports.includes(22)).map(({ from }) => from);
    assert.deepEqual(readers.sort(), [
      "airflow-dag-processor",
      "airflow-scheduler",
      "airflow-triggerer",
      "airflow-worker",
    ]);
  });
});

describe("the rules of one peer", () => {
  const table = networkTable(validate(base), [], inside);

  it("name pods of the same namespace by their labels, and task pods by their namespace", () => {
    const { ingress } = rulesOf("mlflow", table, names);
    const sources = ingress.map((_, i) => at(ingress, `${i}.from.0`));
    assert.deepEqual(sources[0], { podSelector: { matchLabels: podGroups["mlflow-provision"].labels } });
    assert.deepEqual(sources[1], {
      namespaceSelector: {
        matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: ["alpha", "beta"] }],
      },
    });
  });

  it("name the platform's pods by namespace and labels where they are seen from a project", () => {
    const { egress, ingress } = rulesOf("tasks", table, names);
    assert.deepEqual(ingress, []);
    assert.deepEqual(egress[0]?.to, [
      {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "mlops" } },
        podSelector: { matchLabels: podGroups.postgres.labels },
      },
    ]);
  });

  it("say UDP where the table does", () => {
    const { ingress } = rulesOf("airflow-statsd", table, names);
    const ports = ingress.map((_, i) => at(ingress, `${i}.ports.0`));
    assert.deepEqual(ports[0], { port: 9125, protocol: "UDP" });
  });
});
