import { setTimeout as sleep } from "node:timers/promises";
import { AirflowSession } from "../../scripts/verify/airflow-session.ts";
import { reasonOf } from "../../scripts/verify/dag-run.ts";
import { at, listAt, textAt } from "../../lib/json.ts";

export interface TaskInstance {
  task: string;
  state: string;
  /** 1 for the first. */
  tryNumber: number;
}

/** What the suite does by Airflow's REST API. */
export class AirflowApi extends AirflowSession {
  /** Starts a run of a DAG, which is switched on for it, and returns the run's id. */
  async trigger(dag: string, conf: Record<string, unknown> = {}): Promise<string> {
    await this.unpause(dag);
    const run = await this.request("POST", `/dags/${dag}/dagRuns`, { logical_date: null, conf });
    return textAt(run, "dag_run_id") ?? "";
  }

  async unpause(dag: string): Promise<void> {
    // A DAG appears some time after Airflow has started.
    for (let attempt = 0; ; attempt++) {
      try {
        await this.request("PATCH", `/dags/${dag}`, { is_paused: false });
        return;
      } catch (error) {
        if (attempt === 60) throw error;
        await sleep(3000);
      }
    }
  }

  /** Waits for a run to end and returns its state; an API server that does not answer is waited for. */
  async ended(dag: string, run: string, limitSeconds = 900): Promise<string> {
    const deadline = Date.now() + limitSeconds * 1000;
    let seen = "";
    while (Date.now() < deadline) {
      seen = await this.request("GET", `/dags/${dag}/dagRuns/${encodeURIComponent(run)}`).then(
        (answer) => textAt(answer, "state") ?? "",
        (error: unknown) => `no answer: ${String(error)}`,
      );
      if (seen === "success" || seen === "failed") return seen;
      await sleep(2000);
    }
    return `still ${seen} after ${limitSeconds} s`;
  }

  async tasks(dag: string, run: string): Promise<TaskInstance[]> {
    const answer = await this.request("GET", `/dags/${dag}/dagRuns/${encodeURIComponent(run)}/taskInstances`);
    return listAt(answer, "task_instances").map((instance) => ({
      task: textAt(instance, "task_id") ?? "",
      state: textAt(instance, "state") ?? "",
      tryNumber: Number(at(instance, "try_number") ?? 0),
    }));
  }

  /** Why a task failed, by the log that is kept of its last try. */
  async reason(dag: string, run: string, { task, tryNumber }: TaskInstance): Promise<string> {
    const path = `/dags/${dag}/dagRuns/${encodeURIComponent(run)}`;
    const reason = await reasonOf(this, path, { task_id: task, try_number: tryNumber });
    return `${task}: ${reason ?? "its log is empty"}`;
  }
}
