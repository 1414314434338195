import type { Happened } from "../../platform/quiet-metrics.ts";
import type { AirflowSession } from "../airflow-session.ts";

/** Schedules that have no moment at which a run is due, and so no delay. */
const withoutDelay = ["@once", "@continuous"];
/** Enough to find one of a DAG with a delay. */
const limit = 50;

/**
 * What Airflow has done since its metrics are counted.
 *
 * It says nothing of failures: its metrics do not count a run or a task that a user marks as failed.
 *
 * @param since when the process that counts them started
 */
export async function readAirflow(session: AirflowSession, since: Date): Promise<Happened> {
  const from = encodeURIComponent(since.toISOString());
  const has = async (what: string, query: string): Promise<boolean> => {
    const { total_entries: count } = await session.request<{ total_entries: number }>(
      "GET",
      `/dags/~/dagRuns${what}?limit=1&${query}`,
    );
    return count > 0;
  };
  return {
    scheduledRun: await hasScheduledRun(session, from),
    finishedRun: await has("", `state=success&end_date_gte=${from}`),
    finishedTask: await has("/~/taskInstances", `state=success&start_date_gte=${from}`),
  };
}

async function hasScheduledRun(session: AirflowSession, from: string): Promise<boolean> {
  const query = `run_type=scheduled&start_date_gte=${from}&order_by=-start_date&limit=${limit}`;
  const { dag_runs: runs } = await session.request<{ dag_runs: { dag_id: string }[] }>(
    "GET",
    `/dags/~/dagRuns?${query}`,
  );
  for (const dag of new Set(runs.map(({ dag_id: id }) => id))) {
    const path = `/dags/${encodeURIComponent(dag)}`;
    const { timetable_summary: schedule } = await session.request<{ timetable_summary: string | null }>("GET", path);
    if (schedule !== null && !withoutDelay.includes(schedule)) return true;
  }
  return false;
}
