import type { Happened } from "../../platform/quiet-metrics.ts";
import { withMlflow } from "../mlflow.ts";
import { type Platform, runs } from "../platform.ts";

interface Model {
  name: string;
  aliases?: { alias: string; version: string }[];
}

/** Names of metrics that are an error, as dashboards/platform.json has them. */
const isError = /(mae|mape|rmse|error|loss)$/;
const pageSize = 100;

/** What MLflow's registry holds; that it was asked is a request which its metrics count. */
export async function readMlflow(platform: Platform): Promise<Happened> {
  if (!runs(platform, "mlflow")) return {};
  return withMlflow(platform, (request) =>
    registryEvents(async <T>(path: string): Promise<T> => {
      const response = await request(`mlflow/${path}`);
      if (!response.ok) throw new Error(`MLflow answers the administrator's ${path} with ${response.status}`);
      return (await response.json()) as T;
    }),
  );
}

/** @param get reads the JSON of a path below MLflow's API */
export async function registryEvents(get: <T>(path: string) => Promise<T>): Promise<Happened> {
  const { registered_models: models = [] } = await get<{ registered_models?: Model[] }>(
    `registered-models/search?max_results=${pageSize}`,
  );
  const champions = models.flatMap(({ name, aliases = [] }) =>
    aliases.filter(({ alias }) => alias === "champion").map(({ version }) => ({ name, version })),
  );
  return {
    mlflowRequest: true,
    champion: champions.length > 0,
    measuredChampion: await someMeasured(get, champions),
  };
}

async function someMeasured(
  get: <T>(path: string) => Promise<T>,
  champions: { name: string; version: string }[],
): Promise<boolean> {
  for (const { name, version } of champions) {
    const named = `name=${encodeURIComponent(name)}&version=${version}`;
    const { model_version: found } = await get<{ model_version: { run_id?: string } }>(`model-versions/get?${named}`);
    if (found.run_id === undefined || found.run_id === "") continue;
    const { run } = await get<{ run: { data?: { metrics?: { key: string }[] } } }>(`runs/get?run_id=${found.run_id}`);
    if (run.data?.metrics?.some(({ key }) => isError.test(key))) return true;
  }
  return false;
}
