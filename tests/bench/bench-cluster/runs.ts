import { listAt, textAt } from "../../../lib/json.ts";
import type { AirflowApi } from "../../e2e/airflow-api.ts";
import { endedWell } from "../../e2e/pipeline.ts";

/** A run of a DAG that has ended, by Airflow's own clock. */
export interface RunTimes {
  /** From the moment it was queued to its end. */
  seconds: number;
  /** Until the run has started. */
  startSeconds: number;
  /** Until its first task has started. */
  taskStartSeconds: number;
}

/** Triggers a run, waits until it has succeeded and returns its times; throws with the log where it fails. */
export async function timesOfRun(airflow: AirflowApi, dag: string): Promise<RunTimes> {
  return timesOf(airflow, dag, await airflow.trigger(dag));
}

/** Waits for a run to succeed. */
export async function timesOf(airflow: AirflowApi, dag: string, id: string): Promise<RunTimes> {
  await endedWell(airflow, dag, id);
  const path = `/dags/${dag}/dagRuns/${encodeURIComponent(id)}`;
  const run = await airflow.request("GET", path);
  return runTimes(run, listAt(await airflow.request("GET", `${path}/taskInstances`), "task_instances"));
}

/** From the API's answers; NaN for what has not happened. */
export function runTimes(run: unknown, tasks: unknown[]): RunTimes {
  const time = (of: unknown, key: string) => Date.parse(textAt(of, key) ?? "") / 1000;
  const queued = time(run, "queued_at");
  return {
    seconds: time(run, "end_date") - queued,
    startSeconds: time(run, "start_date") - queued,
    taskStartSeconds: Math.min(...tasks.map((task) => time(task, "start_date"))) - queued,
  };
}
