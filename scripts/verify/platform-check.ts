import { ok, type Outcome } from "./check.ts";
import { type DagRun, runDag, type RunArgs } from "./dag-run.ts";

/** The DAG `platform_check`: a pod of each project reaches its connections. */
export async function platformCheck(args: Omit<RunArgs, "dag">, done: DagRun[]): Promise<Outcome> {
  const run = await runDag({ ...args, dag: "platform_check" });
  done.push(run);
  return ok(`the pods of ${run.tasks.length} projects reach all their services, ${run.seconds} s`);
}
