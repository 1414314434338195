import { setTimeout as sleep } from "node:timers/promises";
import { kubectl } from "../../lib/kubernetes/kubectl.ts";
import { platformNamespaces } from "../platform/platform-json.ts";
import { AirflowRefusal, type AirflowSession } from "./airflow-session.ts";
import type { Cleanup } from "./cleanup.ts";
import { Failure, type Progress } from "./check.ts";
import type { Platform } from "./platform.ts";

/** A run that has succeeded. */
export interface DagRun {
  dag: string;
  run: string;
  tasks: TaskInstance[];
  seconds: number;
}

export interface TaskInstance {
  task_id: string;
  state: string | null;
  try_number: number;
  end_date?: string | null;
}

export interface RunArgs {
  platform: Platform;
  session: AirflowSession;
  dag: string;
  progress: Progress;
  signal: AbortSignal;
  cleanup: Cleanup;
}

/** Of the runs that are removed again. */
const prefix = "verify-";
const pollMs = 4_000;
/** A first run on a new node pulls an image of 1 GB. */
const timeoutMinutes = 20;

/** Starts a DAG and waits until its run has succeeded; the run is removed by the clean-up, and a paused DAG paused again. */
export async function runDag({ platform, session, dag, progress, signal, cleanup }: RunArgs): Promise<DagRun> {
  await unpause(session, dag, cleanup);
  await removeLeftovers(session, dag);
  // Short and plain: pods carry it as a label.
  const run = `${prefix}${Date.now()}`;
  const path = `/dags/${dag}/dagRuns/${run}`;
  cleanup.add(`the run of ${dag}`, async (later) => {
    await remove(later, path);
    removePods(platform, run);
  });
  await session.request("POST", `/dags/${dag}/dagRuns`, { dag_run_id: run, logical_date: null });
  return waitForRun({ session, dag, run, progress, signal });
}

/**
 * Waits until a run has succeeded.
 *
 * @throws Failure with the words of the task that has failed, and where it takes too long
 */
export async function waitForRun({
  session,
  dag,
  run,
  progress,
  signal,
}: Pick<RunArgs, "session" | "dag" | "progress" | "signal"> & { run: string }): Promise<DagRun> {
  const path = `/dags/${dag}/dagRuns/${encodeURIComponent(run)}`;
  const started = Date.now();
  for (;;) {
    const { state } = await session.request<{ state: string }>("GET", path);
    const { task_instances: tasks } = await session.request<{ task_instances: TaskInstance[] }>(
      "GET",
      `${path}/taskInstances`,
    );
    const seconds = Math.round((Date.now() - started) / 1000);
    if (state === "success") return { dag, run, tasks, seconds };
    if (state === "failed") throw await failureOf(session, dag, path, tasks);
    progress(`${dag}: ${progressOf(tasks)}`);
    if (seconds > timeoutMinutes * 60) {
      const seen = `the run of ${dag} has not finished after ${timeoutMinutes} minutes: ${progressOf(tasks)}`;
      throw new Failure(seen, "if a task stays queued or scheduled, see the scheduler's log; make doctor");
    }
    await sleep(pollMs, undefined, { signal });
  }
}

/** The progress of the tasks, such as `ingest running`. */
export function progressOf(tasks: TaskInstance[]): string {
  const begun = tasks.filter(({ state }) => state !== null && state !== "success");
  const done = tasks.filter(({ state }) => state === "success").length;
  const now = begun.map(({ task_id, state }) => `${task_id} ${state ?? ""}`).join(", ");
  return `${done} of ${tasks.length} tasks done${now === "" ? "" : `, ${now}`}`;
}

/** Leftovers of a run that could not remove them. */
async function removeLeftovers(session: AirflowSession, dag: string): Promise<void> {
  const query = "order_by=-run_after&limit=100";
  const { dag_runs: runs } = await session.request<{ dag_runs: { dag_run_id: string }[] }>(
    "GET",
    `/dags/${dag}/dagRuns?${query}`,
  );
  const ids = runs.map(({ dag_run_id: id }) => id).filter((id) => id.startsWith(prefix));
  for (const id of ids) await remove(session, `/dags/${dag}/dagRuns/${id}`);
}

/** The pods of a run that has ended before its time: workers that failed, and tasks that would store something later. */
function removePods({ target, description }: Platform, run: string): void {
  const those = ["--selector", `run_id=${run}`, "--ignore-not-found", "--timeout=60s"];
  for (const namespace of platformNamespaces(target, description))
    kubectl({ ...target, namespace }, ["delete", "pods", ...those]);
}

/**
 * A DAG as Airflow has it.
 *
 * @throws Failure where Airflow has none
 */
export function findDag(session: AirflowSession, dag: string): Promise<{ is_paused: boolean }> {
  return session.request<{ is_paused: boolean }>("GET", `/dags/${dag}`).catch((error: unknown) => {
    if (!(error instanceof AirflowRefusal) || error.status !== 404) throw error;
    const fix = "deploy this commit's dags/ to Airflow, whose start page shows files that cannot be imported";
    throw new Failure(`Airflow has no DAG ${dag}`, fix);
  });
}

async function unpause(session: AirflowSession, dag: string, cleanup: Cleanup): Promise<void> {
  const { is_paused: wasPaused } = await findDag(session, dag);
  if (!wasPaused) return;
  cleanup.add(`pausing ${dag} again`, (later) => later.request("PATCH", `/dags/${dag}`, { is_paused: true }));
  await session.request("PATCH", `/dags/${dag}`, { is_paused: false });
}

async function failureOf(session: AirflowSession, dag: string, path: string, tasks: TaskInstance[]): Promise<Failure> {
  const task = tasks.find(({ state }) => state === "failed") ?? tasks.find(({ state }) => state !== "success");
  if (task === undefined) return new Failure(`the run of ${dag} has failed`, "open it in Airflow");
  const reason = await reasonOf(session, path, task).catch(() => undefined);
  const seen = `${dag}: task ${task.task_id} has failed${reason === undefined ? "" : `: ${reason}`}`;
  return new Failure(seen, `see its log in Airflow and docs/troubleshooting.md#airflowdagrunfailed`);
}

/** A run that has not ended is ended first: Airflow removes no other, and its tasks would go on. */
async function remove(session: AirflowSession, path: string): Promise<void> {
  try {
    const { state } = await session.request<{ state: string }>("GET", path);
    if (state !== "success" && state !== "failed") await session.request("PATCH", path, { state: "failed" });
    await session.request("DELETE", path);
  } catch (error) {
    if (!(error instanceof AirflowRefusal) || error.status !== 404) throw error;
  }
}

interface LogEntry {
  event: string;
}

/** The log of the last try of a task. */
export async function logEntries(
  session: Pick<AirflowSession, "request">,
  path: string,
  task: Omit<TaskInstance, "state">,
): Promise<LogEntry[]> {
  const query = "full_content=true";
  const address = `${path}/taskInstances/${task.task_id}/logs/${Math.max(task.try_number, 1)}?${query}`;
  const { content } = await session.request<{ content: (LogEntry | string)[] }>("GET", address);
  return content.map((entry) => (typeof entry === "string" ? { event: entry } : entry));
}

/** Why the last try of a task failed, by its log; undefined where the log is empty. */
export async function reasonOf(
  session: Pick<AirflowSession, "request">,
  path: string,
  task: Omit<TaskInstance, "state">,
): Promise<string | undefined> {
  return reasonIn((await logEntries(session, path, task)).map(({ event }) => event));
}

/** The pod's own words about why it failed: the last line of its container before the operator's. */
function reasonIn(lines: string[]): string | undefined {
  const own = lines.filter((line) => /^\[base\] |: error: | failed: |Error: /.test(line));
  const last = own.at(-1) ?? lines.filter((line) => !line.startsWith("::")).at(-1);
  return last?.replace(/^\[base\] /, "").slice(0, 300);
}
