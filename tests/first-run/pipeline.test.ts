// Against a stand-in for Airflow's API, whose scheduler can be late.
import assert from "node:assert/strict";
import { runPipeline, wordsOf } from "../../scripts/first-run/pipeline.ts";
import { AirflowSession } from "../../scripts/verify/airflow-session.ts";
import { AirflowStandIn } from "./airflow-stand-in.ts";

describe("first-run: the pipeline", () => {
  const airflow = new AirflowStandIn();
  before(() => airflow.listen());
  after(() => airflow.close());

  const run = async () => {
    const session = new AirflowSession({
      administrator: () => ({ user: "admin", password: "x" }),
      reach: () => Promise.resolve({ url: airflow.url, close: () => undefined }),
    });
    const tasks: string[] = [];
    const following = { session, progress: () => undefined, signal: new AbortController().signal };
    await runPipeline({ ...following, pollMs: 5, schedulerMs: 20 }, ({ task }) => tasks.push(task));
    return tasks;
  };
  const all = ["ingest", "validate", "train", "promote", "predict", "report"];

  it("is started step by step where the scheduler starts nothing", async () => {
    airflow.reset({ isOn: false });
    for (const dag of Object.values(airflow.dags)) Object.assign(dag, { hasSchedule: false, starts: undefined });
    assert.deepEqual(await run(), all);
    assert.deepEqual(
      airflow.changes.filter((change) => change.startsWith("POST")),
      ["pageviews_ingest", "pageviews_train", "pageviews_predict", "papermill_report"].map((dag) => `POST ${dag}`),
    );
  });

  it("waits until Airflow has read a DAG, and names one that it does not have", async () => {
    airflow.reset({ isOn: false });
    const ingest = airflow.dags.pageviews_ingest;
    assert.ok(ingest);
    delete airflow.dags.pageviews_ingest;
    setTimeout(() => (airflow.dags.pageviews_ingest = ingest), 10);
    assert.deepEqual(await run(), all);
    delete airflow.dags.pageviews_train;
    await assert.rejects(run(), /^Error: Airflow has no DAG pageviews_train$/);
  });

  it("goes on with a run that is on its way already", async () => {
    airflow.reset({ isOn: true });
    const ingest = airflow.dags.pageviews_ingest;
    assert.ok(ingest);
    let asked = 0;
    ingest.runs.push({
      dag_run_id: "scheduled__now",
      get state() {
        return asked++ < 2 ? "queued" : "success";
      },
    });
    await run();
    assert.deepEqual(airflow.changes[0], "POST pageviews_train");
  });
});

describe("first-run: the words of a task", () => {
  it("are the last that its pod has said, and an error with the lines below it", () => {
    assert.equal(wordsOf(["[base] a", "[base] b ", "Pod has completed"]), "b");
    assert.equal(
      wordsOf(["[base] pageviews train: too few:", "[base]   Spain: 3 days", "x"]),
      "pageviews train: too few:; Spain: 3 days",
    );
    assert.equal(wordsOf(["nothing of the pod"]), "");
  });
});
