import { type DagRun, runDag, type RunArgs } from "./dag-run.ts";
import { Failure, ok, type Outcome } from "./check.ts";
import { withMlflow } from "./mlflow.ts";
import type { Platform } from "./platform.ts";
import { runInProject } from "./project-pod.ts";

/** The project in which the pipeline runs. */
export const project = "verify";
const dags = ["verify_pageviews_ingest", "verify_pageviews_train", "verify_pageviews_predict"];

/** What `pageviews status` and `pageviews clean` print. */
export interface Inventory {
  daily_views: number;
  predictions: number;
  snapshots: number;
  model: string;
  versions: number;
  champion: number | null;
  runs: number;
}

/** Runs the pipeline in the project `verify` up to a registered model and stored predictions. */
export async function pageviews(args: Omit<RunArgs, "dag">, done: DagRun[]): Promise<Outcome> {
  const { platform, progress, cleanup } = args;
  const { target, description } = platform;
  if (!(project in description.projects))
    throw new Failure(`the stack has no project ${project}`, addProject(platform));
  const command = (...words: string[]) => runInProject(target, description, project, "pageviews", words);
  progress("deleting leftovers of an interrupted run");
  await command("clean");
  cleanup.add(`tables, snapshots, model and experiment of ${project}`, async () => {
    const left = leftovers(inventoryIn(await command("clean")));
    if (left !== undefined) throw new Error(`still there: ${left}`);
  });
  let seconds = 0;
  for (const dag of dags) {
    const run = await runDag({ ...args, dag });
    done.push(run);
    seconds += run.seconds;
  }
  const inventory = inventoryIn(await command("status"));
  const registered = await championOf(platform, inventory.model);
  return verdict(inventory, registered, seconds);
}

/** What the pipeline has stored, and whether MLflow's registry says the same. */
export function verdict(inventory: Inventory, registered: number | undefined, seconds: number): Outcome {
  const { daily_views, predictions, model, champion } = inventory;
  const fix = "the task logs of verify_pageviews_train and verify_pageviews_predict show what the tasks stored";
  if (champion === null) throw new Failure(`${model} has no champion in the registry after its training`, fix);
  if (registered !== champion) {
    const seen = `the champion of ${model} is version ${registered ?? "none"} in MLflow's registry, but version ${champion} in the project`;
    throw new Failure(seen, fix);
  }
  if (predictions === 0) throw new Failure("Postgres has no predictions after the prediction", fix);
  return ok(
    `${daily_views} days of views, version ${champion} of ${model} registered, ${predictions} predictions, ${seconds} s`,
  );
}

/** What a removal has left, in words. */
export function leftovers({ daily_views, predictions, snapshots, versions, runs }: Inventory): string | undefined {
  const left = Object.entries({ daily_views, predictions, snapshots, versions, runs }).filter(([, count]) => count > 0);
  return left.length === 0 ? undefined : left.map(([what, count]) => `${count} ${what}`).join(", ");
}

/** The inventory in a pod's output; it is the last line. */
export function inventoryIn(output: string): Inventory {
  const line = output.trim().split("\n").at(-1) ?? "";
  try {
    return JSON.parse(line) as Inventory;
  } catch {
    throw new Failure(
      `pageviews printed ${JSON.stringify(line)} instead of JSON`,
      "rebuild the image from this commit: make images",
    );
  }
}

function addProject({ description: { projects } }: Platform): string {
  const key = `projects[${Object.keys(projects).length}]`;
  return (
    `scripts/pulumi config set --stack <stack> --path '${key}.name' ${project}; ` +
    `scripts/pulumi config set --stack <stack> --path '${key}.config.WIKIMEDIA_CONTACT' <address>; make up`
  );
}

/** The version that the registry, asked as the administrator, calls the champion. */
function championOf(platform: Platform, model: string): Promise<number | undefined> {
  return withMlflow(platform, async (request) => {
    const response = await request(`mlflow/registered-models/alias?name=${encodeURIComponent(model)}&alias=champion`);
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`MLflow answers the administrator's query for ${model} with ${response.status}`);
    const { model_version: found } = (await response.json()) as { model_version?: { version: string } };
    return found === undefined ? undefined : Number(found.version);
  });
}
