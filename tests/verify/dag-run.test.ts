// Against a stand-in for Airflow's API with the answers of 3.3.2, shortened to what is looked at.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AirflowSession } from "../../scripts/verify/airflow-session.ts";
import { Failure } from "../../scripts/verify/check.ts";
import { Cleanup } from "../../scripts/verify/cleanup.ts";
import { progressOf, reasonOf, runDag } from "../../scripts/verify/dag-run.ts";
import { platformCheck } from "../../scripts/verify/platform-check.ts";
import { airflowAccess, type Platform } from "../../scripts/verify/platform.ts";

const spec = { securityContext: {}, containers: [], volumes: [] };
const pod = { metadata: { namespace: "team", labels: {} }, spec };
const team = { namespace: "team", pod };

type Answer = { status: number; body?: object } | undefined;

describe("verify: the run of a DAG", () => {
  let server: Server;
  let asked: string[] = [];
  let answer: (request: string) => Answer;
  let platform: Platform;
  const path = process.env.PATH ?? "";
  let folder = "";
  const kubectlCalls = () => readFileSync(join(folder, "calls"), "utf8").replaceAll(/verify-\d+/g, "RUN");

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "dag-run-"));
    writeFileSync(join(folder, "kubectl"), `#!/bin/sh\necho "$*" >>${folder}/calls\n`, { mode: 0o755 });
    process.env.PATH = `${folder}:${path}`;
    server = createServer((request, response) => {
      let text = "";
      request.on("data", (part: Buffer) => (text += part.toString()));
      request.on("end", () => {
        const line = `${request.method ?? ""} ${decodeURIComponent(request.url ?? "").replace(/verify-\d+/, "RUN")}`;
        if (line !== "POST /auth/token") asked.push(text === "" || line.startsWith("POST") ? line : `${line} ${text}`);
        const { status, body } =
          line === "POST /auth/token"
            ? { status: 201, body: { access_token: "t" } }
            : (answer(line) ?? { status: 404, body: {} });
        response.writeHead(status, { "content-type": "application/json" }).end(body && JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const airflow = { user: "admin", password: "hidden-word" };
    platform = {
      target: { namespace: "mlops", context: undefined },
      without: [],
      airflowUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      administrators: { airflow, mlflow: undefined, minio: undefined, grafana: undefined, prometheus: undefined },
      description: { images: {}, projects: { team } },
    };
  });
  after(() => {
    server.close();
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    asked = [];
    writeFileSync(join(folder, "calls"), "");
  });

  const dag = "/api/v2/dags/platform_check";
  const args = (cleanup: Cleanup) => ({
    platform,
    session: new AirflowSession(airflowAccess(platform)),
    progress: () => undefined,
    signal: new AbortController().signal,
    cleanup,
  });
  let earlier: object[] = [];
  /** An Airflow in which the run is in this state and its only task too. */
  const airflowIn =
    (state: string, isPaused = false, log: string[] = []) =>
    (request: string): Answer => {
      if (request === `GET ${dag}`) return { status: 200, body: { is_paused: isPaused } };
      if (request === `GET ${dag}/dagRuns/RUN`) return { status: 200, body: { state } };
      if (request.includes("/logs/")) return { status: 200, body: { content: log.map((event) => ({ event })) } };
      if (request.startsWith(`GET ${dag}/dagRuns?`)) return { status: 200, body: { dag_runs: earlier } };
      const tasks = { task_instances: [{ task_id: "check_verify", state, try_number: 2 }] };
      if (request === `GET ${dag}/dagRuns/RUN/taskInstances`) return { status: 200, body: tasks };
      return {
        status: request.startsWith("DELETE") ? 204 : 200,
        ...(request.startsWith("DELETE") ? {} : { body: {} }),
      };
    };

  it("is waited for, and taken back with the pause of its DAG", async () => {
    answer = airflowIn("success", true);
    const cleanup = new Cleanup();
    const done: object[] = [];
    const outcome = await platformCheck(args(cleanup), done as never[]);
    assert.match(outcome.seen, /^the pods of 1 projects reach all their services, \d+ s$/);
    assert.equal(done.length, 1);
    asked = [];
    const removed = await cleanup.run(platform, () => undefined);
    assert.deepEqual(removed, {
      check: "removed afterwards",
      state: "ok",
      seen: "pausing platform_check again, the run of platform_check",
    });
    assert.deepEqual(asked, [`GET ${dag}/dagRuns/RUN`, `DELETE ${dag}/dagRuns/RUN`, `PATCH ${dag} {"is_paused":true}`]);
  });

  it("begins with the removal of what an earlier one has left, and of nothing else", async () => {
    answer = airflowIn("success");
    earlier = [{ dag_run_id: "manual__2026-11-21" }, { dag_run_id: "verify-17" }];
    await runDag({ ...args(new Cleanup()), dag: "platform_check" });
    earlier = [];
    const changes = asked.filter((request) => !request.startsWith("GET"));
    assert.deepEqual(changes, [`DELETE ${dag}/dagRuns/RUN`, `POST ${dag}/dagRuns`]);
  });

  it("fails with the words of the task that has failed", async () => {
    const words = "pageviews ingest: WIKIMEDIA_CONTACT is not set: it says who runs this client";
    answer = airflowIn("failed", false, [
      "::group::Log message source details",
      `[base] ${words}`,
      "Pod failed",
      "Traceback",
    ]);
    await assert.rejects(runDag({ ...args(new Cleanup()), dag: "platform_check" }), (error: unknown) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.message, `platform_check: task check_verify has failed: ${words}`);
      assert.match(error.fix, /docs\/troubleshooting\.md#airflowdagrunfailed/);
      return true;
    });
  });

  it("fails where Airflow has no such DAG, and leaves nothing to take back", async () => {
    answer = () => undefined;
    const cleanup = new Cleanup();
    await assert.rejects(
      runDag({ ...args(cleanup), dag: "platform_check" }),
      /^Error: Airflow has no DAG platform_check$/,
    );
    assert.ok(cleanup.isEmpty);
  });

  it("is ended before it is removed, when it was interrupted", async () => {
    answer = airflowIn("running");
    const cleanup = new Cleanup();
    const controller = new AbortController();
    const interrupted = { ...args(cleanup), signal: controller.signal, progress: () => controller.abort() };
    await assert.rejects(runDag({ ...interrupted, dag: "platform_check" }), /aborted/);
    asked = [];
    await cleanup.run(platform, () => undefined);
    assert.deepEqual(asked, [
      `GET ${dag}/dagRuns/RUN`,
      `PATCH ${dag}/dagRuns/RUN {"state":"failed"}`,
      `DELETE ${dag}/dagRuns/RUN`,
    ]);
    // Workers in the platform's namespace, their tasks in the projects'.
    const removal = "delete pods --selector run_id=RUN --ignore-not-found --timeout=60s\n";
    assert.equal(kubectlCalls(), `--namespace mlops ${removal}--namespace team ${removal}`);
  });

  it("that cannot be taken back is named, and what else was made is taken back", async () => {
    answer = (request) =>
      request.startsWith("DELETE") ? { status: 409, body: { detail: "locked" } } : airflowIn("success")(request);
    const cleanup = new Cleanup();
    let isUndone = false;
    cleanup.add("the tables", () => (isUndone = true));
    await runDag({ ...args(cleanup), dag: "platform_check" });
    const removed = await cleanup.run(platform, () => undefined);
    assert.ok(isUndone);
    assert.equal(removed.state, "failed");
    assert.match(
      removed.seen,
      /^left: the run of platform_check \(Airflow answers DELETE .* with 409: \{"detail":"locked"\}\)$/,
    );
  });

  it("never shows the password", async () => {
    answer = () => ({ status: 403, body: { detail: "Forbidden" } });
    await assert.rejects(runDag({ ...args(new Cleanup()), dag: "platform_check" }), (error: Error) => {
      assert.equal(error.message, `Airflow answers GET ${dag} with 403: {"detail":"Forbidden"}`);
      return true;
    });
  });
});

describe("verify: words about a run", () => {
  it("say what its tasks are at", () => {
    const task = (task_id: string, state: string | null) => ({ task_id, state, try_number: 1 });
    assert.equal(
      progressOf([task("validate", "success"), task("train", "running"), task("promote", null)]),
      "1 of 3 tasks done, train running",
    );
  });

  it("are the pod's own where it has some", async () => {
    const reason = (...content: string[]) => {
      const request = <T>() => Promise.resolve({ content } as T);
      return reasonOf({ request }, "dags/pageviews/dagRuns/1", { task_id: "train", try_number: 1 });
    };
    assert.equal(await reason("[base] pageviews train: too few days", "Task failed"), "pageviews train: too few days");
    assert.equal(await reason("::endgroup::", "Pod took too long to start"), "Pod took too long to start");
    assert.equal(await reason(), undefined);
  });
});
