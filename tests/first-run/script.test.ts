// scripts/first-run/first-run.ts as a user runs it, with a kubectl, an Airflow and an MLflow of the test's own; tests/e2e
// runs it on a cluster.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { standIn } from "../stand-in.ts";
import { AirflowStandIn } from "./airflow-stand-in.ts";

const script = join(import.meta.dirname, "../../scripts/first-run/first-run.ts");
const password = "hidden-word";

const inventory = {
  daily_views: 1464,
  predictions: 14,
  snapshots: 1,
  model: "pageviews",
  versions: 1,
  champion: 1,
  runs: 1,
};
const pod = {
  metadata: { namespace: "pageviews", labels: {} },
  spec: {
    securityContext: {},
    containers: [{ envFrom: [{ configMapRef: { name: "pageviews" } }, { secretRef: { name: "pageviews" } }] }],
    volumes: [],
  },
};
const secret = (name: string, key: string) => ({
  metadata: { name },
  data: { [key]: Buffer.from(password).toString("base64") },
});

const log = (words: string) => ["::group::Log message source details", `[base] ${words}`, "Pod has completed"];
const logs = {
  ingest: log("Spain 2025-11-29..2026-11-29: 366 days with views, 0 without, 366 rows changed"),
  validate: log("Spain, Amsterdam: 1464 stored days are fit for training"),
  train: log("version 1 is the challenger: error 800.0 views a day on the last 28 days"),
  promote: log("promoted: version 1: its error is 20 % below that of the same day last week"),
  predict: log("Spain, Amsterdam: 14 predictions for 2026-11-30..2026-12-06 by version 1 of pageviews"),
  report: log("s3://mlops/projects/pageviews/reports/pageviews/2026-11-30.ipynb"),
};

describe("make first-run", () => {
  const folder = mkdtempSync(join(tmpdir(), "first-run-"));
  const airflow = new AirflowStandIn();
  /** MLflow's answers to what is asked of the champion. */
  const mlflow = createServer((request, response) => {
    const body = (request.url ?? "").includes("/alias?")
      ? { model_version: { version: "1", run_id: "abc" } }
      : { run: { info: { experiment_id: "3" } } };
    response.end(JSON.stringify(body));
  });
  let settings: Record<string, string> = {};
  let projects: object = {};

  /** Answers what the program asks of a cluster with MLflow at a load balancer and Grafana nowhere. */
  const kubectl = () => `case "$*" in
    "--namespace none get"*) echo '{"items":[]}' ;;
    *airflow-platform*) echo '${JSON.stringify({ images: { pageviews: "pageviews:1" }, projects })}' ;;
    *"get secrets"*) echo '${JSON.stringify({ items: [secret("mlflow", "admin-password"), secret("grafana", "admin-password"), secret("airflow-admin", "password")] })}' ;;
    *"get configmap pageviews"*) echo '${JSON.stringify({ data: settings })}' ;;
    *"get secret pageviews"*) echo '{"data":{}}' ;;
    *"services,ingresses"*) echo '${JSON.stringify({ items: services })}' ;;
    *port-forward*) echo "Forwarding from 127.0.0.1:${(mlflow.address() as AddressInfo).port} -> 5000"; exec sleep 60 ;;
    *create*) cat >/dev/null ;;
    *"get pod "*) printf Succeeded ;;
    *"logs "*) echo '${JSON.stringify(inventory)}' ;;
    *) ;;
  esac`;
  const service = (name: string, spec: object = {}, status: object = {}) => ({
    kind: "Service",
    metadata: { name },
    spec,
    status,
  });
  const services = [
    service("airflow-api-server"),
    service("mlflow"),
    service("grafana"),
    service("mlflow-web", { type: "LoadBalancer" }, { loadBalancer: { ingress: [{ ip: "203.0.113.7" }] } }),
  ];

  before(async () => {
    await airflow.listen();
    await new Promise<void>((resolve) => mlflow.listen(0, "127.0.0.1", resolve));
  });
  after(() => {
    airflow.close();
    mlflow.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    settings = { WIKIMEDIA_CONTACT: "ml@team.test" };
    projects = { pageviews: { namespace: "pageviews", pod } };
    airflow.reset({ isOn: false });
    airflow.logs = logs;
  });

  async function run(...all: (string | { kubectl: string })[]) {
    const args = all.filter((one) => typeof one === "string");
    const [{ kubectl: answers } = { kubectl: kubectl() }] = all.filter((one) => typeof one === "object");
    standIn(folder, "kubectl", answers);
    const env = {
      ...process.env,
      PATH: `${folder}:${process.env.PATH ?? ""}`,
      PULUMI_CLI: "/nowhere",
      AIRFLOW_ADMIN_PASSWORD: password,
    };
    const child = spawn(process.execPath, [script, "--airflow-url", airflow.url, ...args], { env });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    assert.ok(!`${stdout}${stderr}`.includes(password));
    return { code, stdout, stderr };
  }
  const on = (dag: string) => `PATCH ${dag} {"is_paused":false}`;

  it("switches the pipeline on, says what each step has done, and where to look", async () => {
    const { code, stdout, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.equal(
      stdout,
      `ingest    Spain 2025-11-29..2026-11-29: 366 days with views, 0 without, 366 rows changed
validate  Spain, Amsterdam: 1464 stored days are fit for training
train     version 1 is the challenger: error 800.0 views a day on the last 28 days
promote   promoted: version 1: its error is 20 % below that of the same day last week
predict   Spain, Amsterdam: 14 predictions for 2026-11-30..2026-12-06 by version 1 of pageviews
report    s3://mlops/projects/pageviews/reports/pageviews/2026-11-30.ipynb

Postgres has 1464 days of views and 14 predictions; version 1 of pageviews is the champion.

look at  where                                             what it shows
Airflow  make open UI=airflow, then /dags/pageviews_train  the runs, with the log of each task
MLflow   http://203.0.113.7/#/experiments/3/runs/abc       the training: parameters, errors, the model
Grafana  make open UI=grafana, then /dashboards            how the platform is doing

The pipeline goes on by itself: new views and predictions every day at 06:00 UTC, a training every Monday.
Next: docs/adding.md, to add a project, a DAG or an image of your own.
`,
    );
    // In this order: neither a run without its data nor a second one.
    assert.deepEqual(airflow.changes, [
      on("pageviews_ingest"),
      on("pageviews_predict"),
      on("papermill_report"),
      on("pageviews_train"),
    ]);
    assert.match(stderr, /^\d+ s {2}pageviews_train: waiting for its run$/m);
  });

  it("starts the runs itself where the pipeline is on, and follows what their data starts", async () => {
    airflow.reset({ isOn: true });
    airflow.logs = logs;
    const { code, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.deepEqual(airflow.changes, ["POST pageviews_ingest", "POST pageviews_train"]);
  });

  it("ends with the words of the task that has failed", async () => {
    airflow.states = { ingest: "failed" };
    airflow.logs = { ingest: log("pageviews ingest: The pageviews API does not answer at https://wikimedia.org") };
    const { code, stderr } = await run();
    assert.equal(code, 1);
    assert.match(stderr, /^pageviews_ingest: task ingest has failed: pageviews ingest: The pageviews API does not/m);
    assert.match(stderr, /^fix: .+/m);
    assert.deepEqual(airflow.changes, [on("pageviews_ingest")]);
  });

  it("takes a task that was skipped for no success", async () => {
    airflow.states = { promote: "success", predict: "skipped" };
    const said = ["pageviews predict: not yet, as this project has no predictions so far:", "  there is no champion"];
    airflow.logs = { ...logs, predict: said.map((line) => `[base] ${line}`) };
    const { code, stdout, stderr } = await run();
    assert.equal(code, 1);
    assert.match(stdout, /^promote {3}promoted/m);
    assert.match(
      stderr,
      /^pageviews_predict: task predict was skipped: pageviews predict: not yet, .+ so far:; there is no champion$/m,
    );
  });

  it("asks for a contact first, and switches nothing on", async () => {
    for (const contact of [undefined, "you@example.org"]) {
      settings = contact === undefined ? {} : { WIKIMEDIA_CONTACT: contact };
      const { code, stderr } = await run();
      assert.equal(code, 1);
      assert.match(stderr, contact === undefined ? /is not set in the project/ : /the example's you@example\.org/);
      const key = "projects[1].config.WIKIMEDIA_CONTACT";
      assert.ok(
        stderr.endsWith(
          `fix: scripts/pulumi config set --stack minikube --path '${key}' YOUR@ADDRESS && make up STACK=minikube\n`,
        ),
        stderr,
      );
    }
    assert.deepEqual(airflow.changes, []);
  });

  it("asks for no contact where it is not Wikimedia that is asked", async () => {
    settings = { WIKIMEDIA_CONTACT: "you@example.org", WIKIMEDIA_BASE_URL: "http://views.team.svc" };
    assert.equal((await run()).code, 0);
  });

  it("says what to add where the stack has no such project, and what is wrong where there is no platform", async () => {
    projects = {};
    const { code, stderr } = await run("--stack", "eks");
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^the stack has no project pageviews\nfix: add .+ in Pulumi\.eks\.yaml; then: make up STACK=eks$/m,
    );
    const none = await run("--namespace", "none", "--stack", "eks");
    assert.equal(none.code, 2);
    assert.match(
      none.stderr,
      /: found no platform in namespace none of the current context: deploy it with `make up STACK=eks`; /,
    );
  });

  it("says in one sentence how to deploy a stack that is not deployed, whether a cluster answers or not", async () => {
    const next = "deploy it with `make up STACK=minikube`; for a platform on another cluster or in another namespace";
    const empty = await run({ kubectl: `echo '{"items":[]}'` });
    assert.equal(
      empty.stderr,
      `scripts/first-run/first-run.ts: found no platform in namespace mlops of the current context: ${next}, set CONTEXT=… and NAMESPACE=…\n`,
    );
    const silent = await run({ kubectl: "echo 'The connection was refused' >&2; echo 'and more' >&2; exit 1" });
    assert.equal(
      silent.stderr,
      `scripts/first-run/first-run.ts: the stack minikube is not deployed, or its cluster does not answer (The connection was refused): ${next}, set CONTEXT=… and NAMESPACE=…\n`,
    );
    const unknown = await run({ kubectl: "exit 1" }, "--stack", "acme/mlops/lost");
    assert.match(
      unknown.stderr,
      /there is no stack acme\/mlops\/lost: Pulumi\.lost\.yaml does not exist; set STACK to one of eks, gke, minikube\n$/,
    );
    assert.deepEqual([empty.code, silent.code, unknown.code], [2, 2, 2]);
  });
});
