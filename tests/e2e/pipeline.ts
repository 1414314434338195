import assert from "node:assert/strict";
import type { Session } from "./session.ts";

const dayMilliseconds = 86_400_000;

/** `daysAgo` before today, e.g. 2026-11-20. */
export function day(daysAgo: number): string {
  return new Date(Date.now() - daysAgo * dayMilliseconds).toISOString().slice(0, 10);
}

/** What must not get lost, whatever happens to the platform. */
export interface Facts {
  /** Rows by table. */
  rows: Record<string, number>;
  /** Checksum of the views, which no run changes. */
  views: string;
  /** Runs in MLflow, and versions in its registry. */
  mlflow: { runs: number; versions: number };
  /** Runs of DAGs that Airflow remembers. */
  dagRuns: number;
}

/** From Wikimedia's views to predictions, as a user runs it the first time. */
export async function runPipeline({ airflow }: Session): Promise<void> {
  await succeeded(airflow, "pageviews_ingest");
  await succeeded(airflow, "pageviews_train");
  await succeeded(airflow, "pageviews_predict");
}

/** Triggers a run and waits until it has succeeded; returns its id. */
export async function succeeded(
  airflow: Session["airflow"],
  dag: string,
  conf: Record<string, unknown> = {},
): Promise<string> {
  const run = await airflow.trigger(dag, conf);
  await endedWell(airflow, dag, run);
  return run;
}

/** Waits for a run to succeed; the message says why its tasks failed. */
export async function endedWell(airflow: Session["airflow"], dag: string, run: string): Promise<void> {
  const state = await airflow.ended(dag, run);
  if (state === "success") return;
  const tasks = await airflow.tasks(dag, run);
  const failed = tasks.filter((task) => task.state === "failed");
  const reasons = await Promise.all(failed.map((task) => airflow.reason(dag, run, task)));
  assert.fail(`${dag} ended as ${state}: ${JSON.stringify(tasks)}\n${reasons.join("\n")}`);
}

export async function facts(session: Session): Promise<Facts> {
  const count = async (database: string, query: string) => Number(await session.psql(database, query));
  return {
    rows: {
      views: await count("pageviews", "SELECT count(*) FROM daily_views"),
      predictions: await count("pageviews", "SELECT count(*) FROM predictions"),
    },
    views: await session.psql("pageviews", "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM daily_views t"),
    mlflow: {
      runs: await count("mlflow", "SELECT count(*) FROM runs WHERE lifecycle_stage = 'active'"),
      versions: await count("mlflow", "SELECT count(*) FROM model_versions"),
    },
    dagRuns: await count("airflow", "SELECT count(*) FROM dag_run"),
  };
}

/** Rows, runs, models and views that were there before are there after. */
export function assertNothingLost(before: Facts, after: Facts): void {
  assert.equal(after.views, before.views);
  for (const [table, rows] of Object.entries(before.rows)) assert.ok((after.rows[table] ?? 0) >= rows, table);
  assert.ok(after.mlflow.runs >= before.mlflow.runs, "runs of MLflow");
  assert.ok(after.mlflow.versions >= before.mlflow.versions, "versions of models");
  assert.ok(after.dagRuns >= before.dagRuns, "runs of DAGs");
}
