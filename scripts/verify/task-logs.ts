import { clouds } from "../../components/cluster/kinds.ts";
import type { AirflowSession } from "./airflow-session.ts";
import { failed, ok, type Outcome, skipped } from "./check.ts";
import { type DagRun, logEntries } from "./dag-run.ts";

/** With which addresses in an S3 and in the clouds' buckets begin. */
const schemes = ["s3:", ...clouds.map(({ objectStorage }) => objectStorage.scheme)];

/** Whether a log comes from object storage. */
const isStored = (source: string) => schemes.some((scheme) => source.startsWith(`${scheme}//`));

/** The log of a task whose worker is gone is read back from the log store. */
export async function taskLogs(session: AirflowSession, done: DagRun[], isObjectStore: boolean): Promise<Outcome> {
  const run = done.at(-1);
  const task = run?.tasks[0];
  if (run === undefined || task === undefined) return skipped("no task has run");
  const path = `/dags/${run.dag}/dagRuns/${run.run}`;
  const entries = await logEntries(session, path, task);
  return verdict(
    sourcesOf(entries.map(({ event }) => event)),
    entries.length,
    `${run.dag}.${task.task_id}`,
    isObjectStore,
  );
}

/** Where a log was read from: the lines of its first group. */
export function sourcesOf(lines: string[]): string[] {
  const [first = "", ...others] = lines;
  return first === "::group::Log message source details" ? others.slice(0, others.indexOf("::endgroup::")) : [];
}

/** What is known from where a log was read. */
export function verdict(sources: string[], lines: number, task: string, isObjectStore: boolean): Outcome {
  const from = sources.join(", ") || "nowhere";
  if (isObjectStore && !sources.some(isStored)) {
    return failed(
      `the log of ${task} comes from ${from}, not from the object store`,
      "give the workers' service account access to the log prefix; the end of a task's log shows the upload error",
    );
  }
  if (sources.length === 0)
    return failed(`there is no log of ${task}`, "kubectl get pvc: is the volume airflow-logs bound?");
  return ok(`${lines} lines of ${task} from ${sources.find(isStored) ?? from}`);
}
