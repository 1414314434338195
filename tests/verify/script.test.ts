// scripts/verify/verify.ts as a user runs it, with a kubectl and an Airflow of the test's own; tests/e2e runs it on a cluster.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "../../scripts/verify/report.ts";

const script = join(import.meta.dirname, "../../scripts/verify/verify.ts");

/** Answers what the program asks of a cluster with one project, and writes down what it changes. */
const kubectl = (folder: string, project = "team") => `#!/bin/sh
case "$*" in
  *"--namespace none"*) ;;
  *airflow-platform*) echo '{"images":{},"projects":{"${project}":{"namespace":"${project}","pod":{"spec":{"containers":[],"volumes":[]}}}}}' ;;
  *"get secrets"*) ;;
  *"get service"*) ;;
  *"version"*) echo '{"serverVersion":{"gitVersion":"v1.35.0"}}' ;;
  *"get nodes"*) echo '{"items":[{"spec":{"providerID":"gce://p/z/n"}}]}' ;;
  *"current-context"*) echo dev ;;
  *"get deployments,statefulsets --output"*) echo '{"items":[{"spec":{"template":{"spec":{"containers":[{"image":"localhost/mlops/mlflow:0.1.0"}]}}}}]}' ;;
  *"get deployments"*) echo '{"items":[]}' ;;
  *) echo "$*" >>${folder}/changes ;;
esac
`;

describe("make verify", () => {
  let folder = "";
  let server: Server;
  let state = "success";
  let changes: string[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "verify-"));
    writeFileSync(join(folder, "kubectl"), kubectl(folder), { mode: 0o755 });
    server = createServer((request, response) => {
      const line = `${request.method ?? ""} ${(request.url ?? "").replace(/verify-\d+/, "RUN")}`;
      if (request.method !== "GET" && !line.includes("/auth/")) changes.push(line);
      request.resume().on("end", () => {
        const tasks = [{ task_id: "check_team", state, try_number: 1 }];
        const body = { access_token: "t", is_paused: false, state, dag_runs: [], task_instances: tasks };
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    changes = [];
    writeFileSync(join(folder, "changes"), "");
  });

  /** @param interruptAt what it says when it gets a Ctrl-C */
  async function run(args: string[], interruptAt?: string) {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH ?? ""}`, AIRFLOW_ADMIN_PASSWORD: "hidden-word" };
    const child = spawn(process.execPath, [script, "--airflow-url", url, ...args], { env });
    let stdout = "";
    let stderr = "";
    let isInterrupted = false;
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      if (interruptAt === undefined || isInterrupted || !stderr.includes(interruptAt)) return;
      isInterrupted = true;
      child.kill("SIGINT");
    });
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    assert.ok(!`${stdout}${stderr}`.includes("hidden-word"));
    return { code, stdout, stderr };
  }
  const removed = ["POST", "DELETE"].map((method) => `${method} /api/v2/dags/platform_check/dagRuns`);

  it("reports as JSON what it has found and of which cluster, and takes back what it has made", async () => {
    state = "success";
    const { code, stdout, stderr } = await run(["--json", "--only", "jobs,projects' connections"]);
    assert.equal(code, 0, stderr);
    const { date, seconds, checks, ...report } = JSON.parse(stdout) as Report;
    assert.match(date, /^\d{4}-\d\d-\d\dT/);
    assert.equal(typeof seconds, "number");
    assert.deepEqual(report, {
      cluster: { context: "dev", namespace: "mlops", kubernetes: "v1.35.0", provider: "gce", nodes: 1 },
      versions: { mlflow: "0.1.0" },
      passed: 3,
      failed: 0,
      skipped: 0,
    });
    assert.deepEqual(
      checks.map(({ check, state }) => [check, state]),
      [
        ["jobs", "ok"],
        ["projects' connections", "ok"],
        ["removed afterwards", "ok"],
      ],
    );
    assert.deepEqual(changes, [removed[0], `${removed[1]}/RUN`]);
  });

  it("takes back what it has made after a Ctrl-C, its pods as well, and ends with 130", async () => {
    state = "running";
    const { code, stdout, stderr } = await run(["--only", "projects' connections,alert rules"], "check_team running");
    assert.equal(code, 130, stderr);
    assert.match(stdout, /^failed {3}projects' connections {2}interrupted$/m);
    assert.match(stdout, /^ok {7}removed afterwards {5}the run of platform_check$/m);
    assert.doesNotMatch(stdout, /alert rules/);
    assert.deepEqual(changes, [
      removed[0],
      "PATCH /api/v2/dags/platform_check/dagRuns/RUN",
      "DELETE /api/v2/dags/platform_check/dagRuns/RUN",
    ]);
    const pods = readFileSync(join(folder, "changes"), "utf8").trim().split("\n");
    assert.deepEqual(
      pods.map((line) => line.replace(/verify-\d+/, "RUN")),
      ["mlops", "team"].map(
        (namespace) => `--namespace ${namespace} delete pods --selector run_id=RUN --ignore-not-found --timeout=60s`,
      ),
    );
  });

  it("ends with 1 when a check fails", async () => {
    state = "failed";
    const { code, stdout } = await run(["--only", "projects' connections"]);
    assert.equal(code, 1);
    assert.match(stdout, /^failed {3}projects' connections {2}platform_check: task check_team has failed/m);
  });

  it("asks for a contact before it starts anything", async () => {
    writeFileSync(join(folder, "kubectl"), kubectl(folder, "verify"));
    const { code, stdout, stderr } = await run([]);
    writeFileSync(join(folder, "kubectl"), kubectl(folder));
    assert.deepEqual([code, stdout, changes, readFileSync(join(folder, "changes"), "utf8")], [2, "", [], ""]);
    const set = "scripts/pulumi config set --stack minikube --path 'projects[2].config.WIKIMEDIA_CONTACT' YOUR@ADDRESS";
    assert.equal(
      stderr,
      "scripts/verify/verify.ts: WIKIMEDIA_CONTACT is not set in the project verify: Wikimedia asks every client for an " +
        `address at which it reaches you\nfix: ${set} && make up STACK=minikube\n`,
    );
  });

  it("ends with 2 and one sentence where there is no platform, and for a check that there is not", async () => {
    const nowhere = await run(["--namespace", "none"]);
    assert.deepEqual([nowhere.code, nowhere.stdout], [2, ""]);
    assert.equal(
      nowhere.stderr,
      "scripts/verify/verify.ts: found no platform in namespace none of the current context: deploy it with `make up STACK=minikube`; for a platform on another cluster or in another namespace, set CONTEXT=… and NAMESPACE=…\n",
    );
    const unknown = await run(["--only", "job"]);
    assert.equal(unknown.code, 2);
    assert.match(
      unknown.stderr,
      /^scripts\/verify\/verify\.ts: found no check job; the checks are workloads, services, jobs, /m,
    );
  });
});
