import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { charts } from "../../components/charts.ts";
import { statsd } from "./statsd.ts";

/**
 * Writes a chart of Airflow's name that holds the exporter of its metrics alone, for a deploy where no chart is given:
 * Airflow then runs beside the cluster.
 *
 * @returns its folder
 */
export async function chartStandIn(parent: string, namespace: string): Promise<string> {
  const { name, version } = charts.airflow;
  const folder = join(parent, "chart");
  await mkdir(join(folder, "templates"), { recursive: true });
  await writeFile(join(folder, "Chart.yaml"), stringify({ apiVersion: "v2", name, version }));
  const objects = statsd(namespace).map((object) => stringify(object));
  await writeFile(join(folder, "templates", "statsd.yaml"), objects.join("---\n"));
  return folder;
}
