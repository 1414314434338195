import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Peer, peers } from "../../components/network-table.ts";
import type { KubernetesObject } from "../../preview/objects.ts";
import { render } from "../../preview/render.ts";
import { isObject } from "../../preview/json.ts";
import { kubectl, testCluster } from "../cluster.ts";
import { folder } from "../program-cases.ts";
import { skipWithReason } from "../skip.ts";
import { missingImages, nodeImages } from "./node-images.ts";
import { apply, deploy, objectsByWave, removeNamespaces } from "./deploy.ts";
import { taskPod, taskResults } from "./task-pod.ts";

const platform = "e2e-platform";
const project = "e2e-project";
const config = {
  cluster: JSON.stringify({ kind: "minikube" }),
  namespace: platform,
  exposure: JSON.stringify({ kind: "portForward" }),
  projects: JSON.stringify([{ name: project }]),
  backup: JSON.stringify({ recipient: "age14357p7mxppykwzm4m3llfx9c2qmkhahrk2d5tvgmvhdhtaxzugjqz6gh7h" }),
};

/** What must run; what else no node holds the image of is left out, and said so. */
const required = ["minio", "mlflow", "postgres", "postgres-exporter", "prometheus", "alertmanager"];

describe("the platform without Airflow on a real cluster", function () {
  this.timeout(1_200_000);
  let kubeconfig = "";
  let waves: KubernetesObject[][] = [];

  before(async function () {
    const cluster = await testCluster();
    if (typeof cluster === "string") return skipWithReason(this, cluster);
    kubeconfig = cluster.kubeconfig;
    const named = Object.fromEntries(Object.entries(config).map(([key, value]) => [`mlops:${key}`, value]));
    const rendering = await render({ folder, stack: "minikube", config: named, generate: true });
    const held = await nodeImages(kubeconfig);
    const isLeftOut = (object: KubernetesObject) => missingImages(object, held).length > 0;
    const all = objectsByWave(rendering);
    const leftOut = all
      .flat()
      .filter(isLeftOut)
      .map(({ metadata }) => metadata.name);
    const missing = required.filter((name) => leftOut.includes(name));
    if (missing.length > 0) return skipWithReason(this, `no node holds the images of ${missing.join(", ")}`);
    waves = all.map((objects) => objects.filter((object) => !isLeftOut(object)));
    await removeNamespaces(kubeconfig, [platform, project]);
    console.log(`      left out: Airflow, which a chart deploys, and ${leftOut.join(", ")}`);
    await deploy(kubeconfig, waves);
  });

  after(async () => {
    if (kubeconfig === "") return;
    await removeNamespaces(kubeconfig, [platform, project]);
    const clusterWide = waves.flat().filter(({ kind }) => kind.startsWith("ClusterRole"));
    for (const { kind, metadata } of clusterWide) await kubectl(kubeconfig, ["delete", kind, metadata.name]);
  });

  it("is ready, with no container restarted", async () => {
    const pods = await podsOf(kubeconfig, platform);
    const names = pods.filter(({ phase }) => phase === "Running").map(({ app }) => app);
    assert.deepEqual(
      required.filter((name) => !names.includes(name)),
      [],
    );
    assert.deepEqual(
      pods.filter(({ restarts }) => restarts > 0),
      [],
    );
  });

  it("has a NetworkPolicy of its own for each pod", async () => {
    for (const { app, labels } of await podsOf(kubeconfig, platform)) {
      const matching = (Object.keys(peers) as Peer[]).filter(
        (peer) =>
          peers[peer].in === "platform" &&
          Object.entries(peers[peer].labels).every(([key, value]) => labels[key] === value),
      );
      assert.equal(matching.length, 1, `${app}: ${matching.join(", ")}`);
    }
  });

  describe("for a task pod of a project", () => {
    let results: Record<string, string> = {};

    before(async () => {
      await apply(kubeconfig, [taskPod(project)]);
      results = await taskResults(kubeconfig, project);
    });

    it("Postgres speaks TLS with a certificate that the pod verifies, and nothing else", () => {
      assert.equal(results["database over TLS"], `${project} TLSv1.3`);
      assert.match(results["database in plain text"] ?? "", /no pg_hba.conf entry|no encryption/);
      assert.match(results["another client's database"] ?? "", /permission denied for database/);
    });

    it("MinIO opens the project's prefix and no other", () => {
      assert.equal(results["own prefix"], "written and read");
      assert.equal(results["another prefix"], "AccessDenied");
      assert.equal(results["the whole bucket"], "AccessDenied");
    });

    it("MLflow lets the project in, and nobody with another password", () => {
      assert.equal(results["own password"], "200");
      assert.equal(results["wrong password"], "401");
      assert.equal(results["host that is not allowed"], "403");
    });

    it("Prometheus does not answer", () => {
      assert.match(results.prometheus ?? "", /timed out/);
    });
  });

  it("makes roles and databases again without changing them", async () => {
    const before = await roles(kubeconfig);
    const job = waves.flat().find(({ kind, metadata }) => kind === "Job" && metadata.name === "databases");
    assert.ok(job);
    await kubectl(kubeconfig, ["delete", "job", "databases", "--namespace", platform]);
    await deploy(kubeconfig, [[job]]);
    assert.deepEqual(await roles(kubeconfig), before);
    assert.match(before, /airflow.*airflow/);
  });

  describe("the backup", function () {
    before(function () {
      const isLeftOut = !waves.flat().some(({ kind }) => kind === "CronJob");
      if (isLeftOut) skipWithReason(this, "no node holds the image of backup");
    });

    it("is made by the CronJob's pod, encrypts the key, and is intact", async () => {
      await psql(kubeconfig, project, "CREATE TABLE kept AS SELECT n, 'row ' || n FROM generate_series(1, 1000) n");
      const made = await backup(["run"]);
      assert.match(made, /^database airflow: /m);
      assert.match(made, new RegExp(`^database ${project}: 1 tables, 1000 rows, \\d+ bytes$`, "m"));
      assert.match(made, /^backup \S+: complete, \d+ bytes$/m);
      assert.doesNotMatch(made, /left out: fernet key/);
      assert.match(await backup(["verify"]), /^intact: fernet-key\.age, \d+ bytes$/m);
      const { stdout: lastSuccess } = await kubectl(kubeconfig, [
        ...["get", "cronjob", "backup", "--namespace", platform],
        ...["--output", "jsonpath={.status.lastSuccessfulTime}"],
      ]);
      assert.match(lastSuccess, /^\d{4}-/);
    });

    it("brings back what was lost and changed since, and starts its clients again", async () => {
      await psql(kubeconfig, project, "DELETE FROM kept WHERE n > 10; CREATE TABLE later (id int)");
      await psql(kubeconfig, "mlflow", "DROP TABLE runs CASCADE");
      const restored = await backup(["restore", "latest", "--force"]);
      assert.match(restored, new RegExp(`^database ${project}: 1 tables, 1000 rows, as in the manifest$`, "m"));
      assert.match(restored, /^database mlflow: \d+ tables, \d+ rows, as in the manifest$/m);
      const { stdout } = await psql(kubeconfig, project, "SELECT count(*), to_regclass('later') IS NULL FROM kept");
      assert.equal(stdout.trim(), "1000|t");
      await kubectl(kubeconfig, [
        ...["rollout", "status", "deployment/mlflow", "--namespace", platform, "--timeout=300s"],
      ]);
    });

    /** As `make backup` runs it; returns its standard output. */
    async function backup(args: string[]): Promise<string> {
      const script = [`${folder}/scripts/backup.ts`, "--namespace", platform, ...args];
      const { stdout } = await promisify(execFile)(process.execPath, script, {
        env: { ...process.env, KUBECONFIG: kubeconfig },
      });
      return stdout;
    }
  });

  it("shows its metrics to Prometheus", async () => {
    const expected = [
      "alertmanager",
      "cadvisor",
      "kubelet",
      "minio",
      "minio-bucket",
      "mlflow",
      "postgres",
      "prometheus",
    ];
    // The first scrape of each target takes up to its interval.
    for (let attempt = 0; attempt < 12; attempt++) {
      const up = await targetsUp(kubeconfig);
      if (expected.every((job) => up.includes(job))) return;
      await new Promise((resolve) => setTimeout(resolve, 10_000));
    }
    const up = await targetsUp(kubeconfig);
    assert.deepEqual(
      expected.filter((job) => !up.includes(job)),
      [],
    );
  });
});

interface PodFacts {
  app: string;
  phase: string;
  restarts: number;
  labels: Record<string, string>;
}

async function podsOf(kubeconfig: string, namespace: string): Promise<PodFacts[]> {
  const { stdout } = await kubectl(kubeconfig, ["get", "pods", "--namespace", namespace, "--output", "json"]);
  const { items } = JSON.parse(stdout) as { items: Pod[] };
  return items.map(({ metadata: { labels }, status }) => ({
    app: labels["app.kubernetes.io/name"] ?? "",
    phase: status.phase,
    restarts: (status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0),
    labels,
  }));
}

interface Pod {
  metadata: { labels: Record<string, string> };
  status: { phase: string; containerStatuses?: { restartCount: number }[] };
}

/** Each role with its identity and its database. */
async function roles(kubeconfig: string): Promise<string> {
  const query =
    "SELECT r.oid, rolname, datname, d.oid FROM pg_roles r LEFT JOIN pg_database d ON datdba = r.oid WHERE rolname NOT LIKE 'pg_%' ORDER BY 2";
  return (await psql(kubeconfig, "postgres", query)).stdout;
}

/** Runs SQL as the superuser inside the server's pod. */
function psql(kubeconfig: string, database: string, query: string): Promise<{ stdout: string }> {
  const command = ["psql", "--username", "postgres", "--tuples-only", "--no-align", "--dbname", database, "--command"];
  return kubectl(kubeconfig, ["exec", "postgres-0", "--namespace", platform, "--", ...command, query]);
}

/** The jobs of Prometheus of which every target is up. */
async function targetsUp(kubeconfig: string): Promise<string[]> {
  const query = [
    "promtool",
    "query",
    "instant",
    "--format=json",
    "--http.config.file=/etc/prometheus/config/probe.yml",
    "http://localhost:9090",
    "min by (job) (up)",
  ];
  const { stdout } = await kubectl(kubeconfig, ["exec", "prometheus-0", "--namespace", platform, "--", ...query]);
  const samples: unknown = JSON.parse(stdout);
  assert.ok(Array.isArray(samples));
  return samples.filter(isObject).flatMap(({ metric, value }) => {
    const isUp = Array.isArray(value) && value[1] === "1";
    return isObject(metric) && isUp ? [String(metric.job)] : [];
  });
}
