import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { kubectl } from "../cluster.ts";
import { skipWithReason } from "../skip.ts";
import type { Component } from "./airflow-processes.ts";
import { nodeProcess, noNode, restartProcess, slowDown } from "./node.ts";
import { assertNothingLost, day, endedWell, type Facts, facts } from "./pipeline.ts";
import type { Session } from "./session.ts";
import { fill, localVolume, onSmallVolume } from "./volume.ts";

/** A part of the pipeline that runs while something breaks. */
interface Load {
  dag: string;
  conf: Record<string, unknown>;
}

const ingest: Load = { dag: "pageviews_ingest", conf: { start: day(40), end: day(1) } };
export const train: Load = { dag: "pageviews_train", conf: {} };

/** Something that is killed without notice while a run is on its way, and what comes of it. */
interface Kill {
  what: string;
  load: Load;
  kill: (session: Session) => Promise<void>;
}

const airflow = (component: Component) => async (session: Session) => {
  if (session.processes !== undefined) await session.processes.kill(component);
  else await killPods(session, `release=airflow,component=${component}`);
};
const pod = (name: string) => (session: Session) => killPods(session, `app.kubernetes.io/name=${name}`);

const kills: Kill[] = [
  { what: "the scheduler", load: ingest, kill: airflow("scheduler") },
  { what: "Airflow's API server", load: ingest, kill: airflow("api-server") },
  { what: "the triggerer", load: ingest, kill: airflow("triggerer") },
  { what: "Postgres", load: ingest, kill: pod("postgres") },
  { what: "MLflow", load: train, kill: pod("mlflow") },
  { what: "MinIO", load: train, kill: pod("minio") },
  { what: "Prometheus", load: ingest, kill: pod("prometheus") },
];

/** Breaks one thing after the other while the pipeline runs, and compares what is there before and after. */
export function describeFaults(session: Session): void {
  describe("when something breaks while the pipeline runs", () => {
    let before: Facts | undefined;

    beforeEach(async () => {
      before = await facts(session);
    });

    afterEach(async () => {
      if (before !== undefined) assertNothingLost(before, await facts(session));
    });

    for (const { what, load, kill } of kills) {
      it(`a run outlives that ${what} is killed`, async () => {
        const run = await started(session, load);
        await kill(session);
        await endedWell(session.airflow, load.dag, run);
        await allReady(session);
      });
    }

    it("a run outlives that the API server answers one second in four", async function () {
      const server = nodeProcess(session.platform.kubeconfig, "kube-apiserver");
      if (server === undefined) return skipWithReason(this, noNode);
      const { stop } = slowDown(server);
      try {
        const run = await session.airflow.trigger(ingest.dag, ingest.conf);
        await endedWell(session.airflow, ingest.dag, run);
      } finally {
        await stop();
      }
    });

    it("a run outlives that the node's container runtime restarts", async function () {
      const runtime = nodeProcess(session.platform.kubeconfig, "containerd");
      if (runtime === undefined) return skipWithReason(this, noNode);
      const run = await started(session, ingest);
      await restartProcess(runtime);
      await endedWell(session.airflow, ingest.dag, run);
      await allReady(session);
    });

    it("a run waits for room when MinIO's volume is full, and ends well when there is some", async function () {
      const volume = await localVolume(session, "minio-data", "minio");
      if (volume === undefined) return skipWithReason(this, noNode);
      await onSmallVolume(session, volume, async () => {
        const makeRoom = await fill(volume);
        const run = await session.airflow.trigger(train.dag, train.conf);
        await retried(session, train.dag, run);
        await makeRoom();
        await endedWell(session.airflow, train.dag, run);
      });
    });

    it("a run waits for a project's Secret that was deleted, and a deploy brings it back as it was", async () => {
      const secret = ["secret", "pageviews", "--namespace", "pageviews"];
      const values = async () =>
        (await kubectl(session.platform.kubeconfig, ["get", ...secret, "--output", "jsonpath={.data}"])).stdout;
      const old = await values();
      await kubectl(session.platform.kubeconfig, ["delete", ...secret]);
      const run = await session.airflow.trigger(ingest.dag, ingest.conf);
      await retried(session, ingest.dag, run);
      await session.platform.repair();
      assert.equal(await values(), old);
      await endedWell(session.airflow, ingest.dag, run);
    });

    it("a run waits for a database password that was revoked, and the databases' Job sets it again", async () => {
      const role = Buffer.from(
        (
          await kubectl(session.platform.kubeconfig, [
            ...["get", "secret", "pageviews", "--namespace", "pageviews", "--output", "jsonpath={.data.PGUSER}"],
          ])
        ).stdout,
        "base64",
      ).toString("utf8");
      await session.psql("postgres", `ALTER ROLE "${role}" PASSWORD NULL`);
      const run = await session.airflow.trigger(ingest.dag, ingest.conf);
      await retried(session, ingest.dag, run);
      await session.rerun("databases");
      await endedWell(session.airflow, ingest.dag, run);
    });
  });
}

/** Triggers a run and waits until the pod of its first task works. */
export async function started({ airflow, platform }: Session, { dag, conf }: Load): Promise<string> {
  const run = await airflow.trigger(dag, conf);
  for (let attempt = 0; attempt < 150; attempt++) {
    const { stdout } = await kubectl(platform.kubeconfig, [
      ...["get", "pods", "--namespace", "pageviews", "--selector", `dag_id=${dag}`],
      ...["--field-selector", "status.phase=Running", "--output", "name"],
    ]);
    if (stdout.trim() !== "") return run;
    await sleep(1000);
  }
  throw new Error(`no pod of ${dag} runs: ${JSON.stringify(await airflow.tasks(dag, run))}`);
}

/** Waits until a task of a run has failed once and waits for its next try. */
async function retried({ airflow }: Session, dag: string, run: string): Promise<void> {
  let seen: unknown;
  for (let attempt = 0; attempt < 150; attempt++) {
    const tasks = await airflow.tasks(dag, run);
    seen = tasks;
    if (tasks.some(({ state }) => state === "up_for_retry")) return;
    await sleep(2000);
  }
  assert.fail(`no task of ${dag} waits for another try: ${JSON.stringify(seen)}`);
}

async function killPods(session: Session, selector: string): Promise<void> {
  await session.kubectl("delete", "pod", "--selector", selector, "--grace-period=0", "--force");
}

/** Waits until every workload is ready, with no pod of before left that was not told to end. */
export async function allReady(session: Session): Promise<void> {
  const names = (await session.kubectl("get", "deployments,statefulsets", "--output", "name")).trim().split("\n");
  for (const name of names) await session.kubectl("rollout", "status", name, "--timeout=300s");
}
