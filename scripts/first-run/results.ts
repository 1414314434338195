import { type WebUiName, webUis } from "../../components/parts.ts";
import { table } from "../../lib/terminal.ts";
import type { Interface } from "../platform/interfaces.ts";
import { withMlflow } from "../verify/mlflow.ts";
import { type Inventory, inventoryIn } from "../verify/pageviews.ts";
import { type Platform, runs } from "../verify/platform.ts";
import { runInProject } from "../verify/project-pod.ts";

/** What the pipeline has stored, and where a person sees it. */
export interface Results extends Inventory {
  /** Path of the champion's training in MLflow's UI. */
  training: string;
}

export async function readResults(platform: Platform, project: string): Promise<Results> {
  const { target, description } = platform;
  const inventory = inventoryIn(await runInProject(target, description, project, "pageviews", ["status"]));
  return { ...inventory, training: await championsTraining(platform, inventory.model) };
}

/** The page of the run that has trained the champion, or of the model where MLflow does not tell it. */
function championsTraining(platform: Platform, model: string): Promise<string> {
  const name = encodeURIComponent(model);
  return withMlflow(platform, async (request) => {
    const read = async (path: string): Promise<unknown> => {
      const response = await request(path);
      if (!response.ok) throw new Error(`MLflow answers GET ${path} with ${response.status}`);
      return response.json();
    };
    const alias = `mlflow/registered-models/alias?name=${name}&alias=champion`;
    const { model_version: champion } = (await read(alias)) as { model_version: { run_id: string } };
    const path = `mlflow/runs/get?run_id=${champion.run_id}`;
    const { run } = (await read(path)) as { run: { info: { experiment_id: string } } };
    return `/#/experiments/${run.info.experiment_id}/runs/${champion.run_id}`;
  });
}

/** The pages to look at, by UI. */
export function places(platform: Platform, interfaces: Interface[], { training }: Results): string {
  const all: [WebUiName, string, string][] = [
    ["airflow", "/dags/pageviews_train", "the runs, with the log of each task"],
    ["mlflow", training, "the training: parameters, errors, the model"],
    ["grafana", "/dashboards", "how the platform is doing"],
  ];
  const rows = all
    .filter(([ui]) => runs(platform, ui))
    .map(([ui, path, what]) => {
      const url = interfaces.find((one) => one.ui === ui)?.url;
      return [webUis[ui].title, url === undefined ? `make open UI=${ui}, then ${path}` : `${url}${path}`, what];
    });
  return table([["look at", "where", "what it shows"], ...rows], "texts");
}
