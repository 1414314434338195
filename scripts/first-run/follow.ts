import { setTimeout as sleep } from "node:timers/promises";
import type { AirflowSession } from "../verify/airflow-session.ts";
import { Failure, type Progress } from "../verify/check.ts";
import { type DagRun, findDag, waitForRun } from "../verify/dag-run.ts";

export interface Following {
  session: AirflowSession;
  progress: Progress;
  signal: AbortSignal;
  /** Of asking again. @default 2000 */
  pollMs?: number;
  /** How long Airflow may take to read a new DAG, or to start a run that is due. @default 90_000 */
  schedulerMs?: number;
}

const defaults = { pollMs: 2000, schedulerMs: 90_000 };

interface Run {
  dag_run_id: string;
  state: string;
}

/** A DAG before it was switched on. */
export interface Before {
  wasOff: boolean;
  /** Ids of its newest runs. */
  runs: string[];
}

/** Switches a DAG on, once Airflow has read it. */
export async function switchOn(following: Following, dag: string): Promise<Before> {
  const { session } = following;
  const { is_paused: wasOff } = await whenRead(following, dag);
  const runs = (await runsOf(session, dag)).map(({ dag_run_id: id }) => id);
  if (wasOff) await session.request("PATCH", `/dags/${dag}`, { is_paused: false });
  return { wasOff, runs };
}

async function whenRead(following: Following, dag: string): Promise<{ is_paused: boolean }> {
  const { session, progress, signal, pollMs, schedulerMs } = { ...defaults, ...following };
  for (let waited = 0; ; waited += pollMs) {
    try {
      return await findDag(session, dag);
    } catch (error) {
      if (!(error instanceof Failure) || waited >= schedulerMs) throw error;
    }
    progress(`${dag}: waiting until Airflow has read it`);
    await sleep(pollMs, undefined, { signal });
  }
}

/**
 * Follows the run of a DAG with a schedule: one that is on its way, the one that starts because the DAG is switched on
 * now, or else one that is started here.
 */
export async function followScheduled(following: Following, dag: string): Promise<DagRun> {
  const { wasOff, runs } = await switchOn(following, dag);
  const isActive = ({ state }: Run) => state === "running" || state === "queued";
  const isWanted = (run: Run) => isActive(run) || !runs.includes(run.dag_run_id);
  return follow(wasOff ? following : { ...following, schedulerMs: 0 }, dag, isWanted);
}

/**
 * Follows the run that new data starts, or else one that is started here.
 *
 * @param before ids of the runs that were there before the data
 */
export function followNew(following: Following, dag: string, before: string[]): Promise<DagRun> {
  return follow(following, dag, ({ dag_run_id: id }) => !before.includes(id));
}

async function follow(following: Following, dag: string, isWanted: (run: Run) => boolean): Promise<DagRun> {
  const { session, progress, signal, pollMs, schedulerMs } = { ...defaults, ...following };
  progress(`${dag}: waiting for its run`);
  const find = async () => (await runsOf(session, dag)).find(isWanted)?.dag_run_id;
  let run = await find();
  for (let waited = 0; run === undefined && waited < schedulerMs; waited += pollMs) {
    await sleep(pollMs, undefined, { signal });
    run = await find();
  }
  run ??= (await session.request<Run>("POST", `/dags/${dag}/dagRuns`, { logical_date: null })).dag_run_id;
  return waitForRun({ session, dag, run, progress, signal });
}

async function runsOf(session: AirflowSession, dag: string): Promise<Run[]> {
  const path = `/dags/${dag}/dagRuns?order_by=-id&limit=20`;
  return (await session.request<{ dag_runs: Run[] }>("GET", path)).dag_runs;
}
