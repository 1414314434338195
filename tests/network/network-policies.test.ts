import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { rulesOf, toDns } from "../../components/network/network-policies.ts";
import { destinationsOf } from "../../components/network/egress.ts";
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
      postgres: {
        kind: "external",
        host: "db",
        caCertificate: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
      },
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
    const toServer = outbound.filter(({ to }) => isDeepStrictEqual(to, { cidr: "198.51.100.7/32" }));
    assert.ok(toServer.some(({ from }) => from === "tasks"));
    assert.ok(toServer.every(({ ports }) => ports.length === 1 && ports[0] === 6432));
    assert.ok(toServer.every(({ from }) => from !== "prometheus" && from !== "mlflow-provision"));
  });

  it("lets every client of the object store reach a site's S3 on its port, and nobody else", () => {
    const s3 = {
      endpoint: "https://s3.example.org:8443",
      bucket: "company",
      egress: [{ cidr: "198.51.100.9/32", ports: [8443] }],
    };
    const secrets = { s3: { accessKey: "a", secretKey: "b" } };
    const { flows, outbound } = networkTable(validate({ ...base, minio: { enabled: false }, s3, secrets }), [], inside);
    const toStore = outbound.filter(({ to }) => isDeepStrictEqual(to, { cidr: "198.51.100.9/32" }));
    assert.deepEqual(toStore.map(({ from }) => from).toSorted(), [
      "airflow-api-server",
      "airflow-dag-processor",
      "airflow-scheduler",
      "airflow-triggerer",
      "airflow-worker",
      "backup",
      "mlflow",
      "tasks",
    ]);
    assert.ok(toStore.every(({ ports }) => ports.join() === "8443"));
    assert.ok(flows.every(({ from, to }) => !from.startsWith("minio") && to !== "minio"));
  });

  it("lets the backup reach both stores, its identity and nothing else, and only where it is on", () => {
    const identity = [{ cidr: "169.254.169.254/32", ports: [80] }];
    const server = { cidr: "198.51.100.7/32", port: 6432 };
    const tableOf = (backup: object) => networkTable(validate({ ...base, backup }), identity, server);
    const on = tableOf({});
    const reached = on.flows.filter(({ from }) => from === "backup").map(({ to, ports }) => `${to}:${ports.join()}`);
    assert.deepEqual(reached, ["postgres:5432", "minio:9000"]);
    assert.deepEqual(
      on.outbound.filter(({ from }) => from === "backup").map(({ to, ports }) => ({ to, ports })),
      [
        { to: { cidr: "198.51.100.7/32" }, ports: [6432] },
        { to: { cidr: "169.254.169.254/32" }, ports: [80] },
        { to: { cidr: "0.0.0.0/0" }, ports: [443] },
      ],
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

  it("opens the ports with metrics to the namespace of the site's Prometheus, and to no Prometheus of its own", () => {
    const monitoring = { kind: "operator", namespace: "observability" };
    const config = validate({ ...base, exposure: { kind: "portForward" }, monitoring });
    const { inbound, flows } = networkTable(config, [], inside);
    const namespace = "observability";
    assert.deepEqual(inbound, [
      { to: "airflow-statsd", port: 9102, namespace },
      { to: "postgres-exporter", port: 9187, namespace },
      { to: "mlflow", port: 5000, namespace },
      { to: "minio", port: 9000, namespace },
    ]);
    assert.ok(flows.every(({ from, to }) => ![from, to].includes("prometheus")));
    const rules = rulesOf("airflow-statsd", networkTable(config, [], inside), { platform: "mlops", projects: [] });
    assert.deepEqual(rules.ingress.at(-1), {
      from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } }],
      ports: [{ port: 9102, protocol: "TCP" }],
    });
  });

  it("opens no UI that the exposure leaves out, and with hosts those that have one", () => {
    const inbound = (exposure: object) =>
      networkTable(validate({ ...base, exposure }), [], inside).inbound.map(({ to }) => to);
    const parentRef = { name: "internal", sectionName: "https" };
    assert.deepEqual(inbound({ kind: "nodePort", uis: ["mlflow"] }), ["mlflow"]);
    assert.deepEqual(inbound({ kind: "gateway", hosts: { prometheus: "metrics.corp.example" }, parentRef }), [
      "prometheus",
    ]);
    assert.deepEqual(inbound({ kind: "ingress", domain: "ml.example.org", uis: ["airflow"], tlsSecretName: "t" }), [
      "airflow-api-server",
    ]);
  });

  const gitReaders = ["airflow-dag-processor", "airflow-scheduler", "airflow-triggerer", "airflow-worker"];
  for (const { repository, port, authentication = "none" } of [
    { repository: "https://git.example.org/dags.git", port: 443 },
    { repository: "https://git.example.org:8443/dags.git", port: 8443 },
    { repository: "git@git.example.org:team/dags.git", port: 22, authentication: "sshKey" },
    { repository: "ssh://git@git.example.org:7999/dags.git", port: 7999, authentication: "sshKey" },
  ]) {
    it(`lets only those read ${repository} who need the DAGs, on port ${port}`, () => {
      const git = {
        sshPrivateKey: "-----BEGIN OPENSSH PRIVATE KEY-----\nany\n-----END OPENSSH PRIVATE KEY-----",
        knownHosts: "any",
      };
      const dags = { kind: "git", repository, authentication };
      const table = (airflow: object) =>
        networkTable(validate({ ...base, airflow, secrets: { git } }), [], inside).outbound;
      const without = table({ dags: { kind: "image" } });
      const added = table({ dags }).filter((row) => !without.some((other) => isDeepStrictEqual(row, other)));
      assert.deepEqual(added.map(({ from }) => from).sort(), gitReaders);
      assert.ok(added.every(({ ports }) => ports.join() === String(port)));
    });
  }
});

describe("the site's own network in the table", () => {
  const tableOf = (config: object) => networkTable(validate({ ...base, ...config }), [], inside);
  const of = (from: PodGroupName, config: object) =>
    tableOf(config)
      .outbound.filter((row) => row.from === from)
      .map(({ to, ports }) => ({ to, ports }));

  it("lets every process of Airflow, and nothing else, reach what airflow.egress names", () => {
    const egress = [
      { cidr: "10.1.2.0/24", ports: [25, 5439] },
      { namespace: "vault", ports: [8200] },
    ];
    const { outbound } = tableOf({ airflow: { egress } });
    const opened = outbound.filter(({ to }) => isDeepStrictEqual(to, { cidr: "10.1.2.0/24" }));
    assert.deepEqual(opened.map(({ from }) => from).sort(), [
      "airflow-api-server",
      "airflow-dag-processor",
      "airflow-scheduler",
      "airflow-triggerer",
      "airflow-worker",
    ]);
    assert.ok(opened.every(({ ports }) => ports.join() === "25,5439"));
    assert.ok(
      of("airflow-worker", { airflow: { egress } }).some(({ to }) => isDeepStrictEqual(to, { namespace: "vault" })),
    );
  });

  it("names the API server by network.kubernetesApi in place of the usual ports", () => {
    const network = { kubernetesApi: [{ cidr: "10.0.0.1/32", ports: [16443] }] };
    assert.deepEqual(of("kube-state-metrics", { network }), [{ to: { cidr: "10.0.0.1/32" }, ports: [16443] }]);
    assert.deepEqual(of("kube-state-metrics", {}), [{ to: { cidr: "0.0.0.0/0" }, ports: [443, 6443, 8443] }]);
  });

  it("opens every address of both families on a dual-stack cluster", () => {
    const rows = of("alertmanager", { network: { ipFamilies: ["IPv4", "IPv6"] } });
    assert.deepEqual(rows, [
      { to: { cidr: "0.0.0.0/0" }, ports: [443] },
      { to: { cidr: "::/0" }, ports: [443] },
    ]);
  });
});

describe("an entry of egress", () => {
  for (const { entry, expected } of [
    { entry: "10.1.2.3/32", expected: [{ to: { cidr: "10.1.2.3/32" }, ports: [443] }] },
    {
      entry: { cidr: "10.1.2.3/32", ports: [5439, 3128] },
      expected: [{ to: { cidr: "10.1.2.3/32" }, ports: [5439, 3128] }],
    },
    {
      entry: { namespace: "clickhouse", ports: [8123] },
      expected: [{ to: { namespace: "clickhouse" }, ports: [8123] }],
    },
    { entry: { host: "smtp.example.org", ports: [587] }, expected: [{ to: { cidr: "0.0.0.0/0" }, ports: [587] }] },
  ]) {
    it(`${JSON.stringify(entry)} opens exactly that`, () => {
      assert.deepEqual(destinationsOf([entry], ["IPv4"]), expected);
    });
  }
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

  it("say where every peer queries the cluster's DNS by UDP and TCP", () => {
    const dns = [
      { namespace: "openshift-dns", ports: [5353] },
      { cidr: "169.254.20.10/32", ports: [53] },
    ];
    const rules = networkTable(validate({ ...base, network: { dns } }), [], inside).dns.map(toDns);
    const both = (port: number) => [
      { port, protocol: "UDP" },
      { port, protocol: "TCP" },
    ];
    assert.deepEqual(rules, [
      {
        to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "openshift-dns" } } }],
        ports: both(5353),
      },
      { to: [{ ipBlock: { cidr: "169.254.20.10/32" } }], ports: both(53) },
    ]);
  });
});
