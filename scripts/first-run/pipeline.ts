import { Failure } from "../verify/check.ts";
import { type DagRun, logEntries, type TaskInstance } from "../verify/dag-run.ts";
import type { AirflowSession } from "../verify/airflow-session.ts";
import { type Following, followNew, followScheduled, switchOn } from "./follow.ts";

/** A task that has ended, in its own words. */
export interface Step {
  dag: string;
  task: string;
  words: string;
}

const ingest = "pageviews_ingest";
const train = "pageviews_train";
const predict = "pageviews_predict";
const report = "papermill_report";

/**
 * Switches the pipeline on and follows it from the first views to the report.
 *
 * A DAG with a schedule starts when it is switched on, and the others start when their data is new. What is on its way
 * is followed, so that nothing runs twice; a DAG that does not start is started.
 *
 * @param tell hears of each task that has ended
 * @throws Failure where a run fails, or a task is skipped
 */
export async function runPipeline(following: Following, tell: (step: Step) => void): Promise<void> {
  const { session } = following;
  const ended = async (run: DagRun) => {
    for (const step of await stepsOf(session, run)) tell(step);
  };
  await ended(await followScheduled(following, ingest));
  // Only now: new views alone would start a prediction without a model.
  const before = { predict: await switchOn(following, predict), report: await switchOn(following, report) };
  await ended(await followScheduled(following, train));
  await ended(await followNew(following, predict, before.predict.runs));
  await ended(await followNew(following, report, before.report.runs));
}

/** What each task of a run says, in the order in which they ended. */
async function stepsOf(session: AirflowSession, { dag, run, tasks }: DagRun): Promise<Step[]> {
  const inOrder = tasks.toSorted((a, b) => (a.end_date ?? "").localeCompare(b.end_date ?? ""));
  const steps: Step[] = [];
  for (const task of inOrder) {
    const words = wordsOf(await lines(session, `/dags/${dag}/dagRuns/${encodeURIComponent(run)}`, task));
    if (task.state === "skipped") throw skipped(dag, task, words);
    steps.push({ dag, task: task.task_id, words });
  }
  return steps;
}

async function lines(session: AirflowSession, path: string, task: TaskInstance): Promise<string[]> {
  return (await logEntries(session, path, task)).map(({ event }) => event);
}

/** The last thing that the pod has said; an error has lines of its own below it. */
export function wordsOf(log: string[]): string {
  const own = log.filter((line) => line.startsWith("[base] ")).map((line) => line.slice("[base] ".length).trimEnd());
  const error = own.findLastIndex((line) => /^(?:pageviews|report) \w+: /.test(line));
  return error === -1
    ? (own.at(-1) ?? "")
    : own
        .slice(error)
        .map((line) => line.trim())
        .join("; ");
}

function skipped(dag: string, { task_id: task }: TaskInstance, words: string): Failure {
  return new Failure(
    `${dag}: task ${task} was skipped${words === "" ? "" : `: ${words}`}`,
    "run make first-run again when what it names is there; its log in Airflow says more",
  );
}
