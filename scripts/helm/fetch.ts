// make chart: fetches helm and Airflow's chart into .tools/, each checked by its digest; prints their paths.
import { basename, join } from "node:path";
import { charts } from "../../components/charts.ts";
import { CommandLineError, readOptions, runScript } from "../../lib/command-line.ts";
import { toolsFolder } from "../../lib/tools.ts";
import { fetchChart } from "./fetch-chart.ts";
import { fetchHelm } from "./fetch-helm.ts";

const parts = ["helm", "chart"];

async function main(args: string[]): Promise<void> {
  const { only, repository, folder } = readOptions(args, {
    only: { type: "string" },
    repository: { type: "string", default: charts.airflow.repository },
    folder: { type: "string", default: toolsFolder() },
  });
  if (only !== undefined && !parts.includes(only)) {
    throw new CommandLineError(`found --only ${only}; allowed: ${parts.join(" or ")}`);
  }
  if (only !== "chart") console.log(await fetchHelm(join(folder, "bin")));
  if (only === "helm") return;
  const { name, version, digest } = charts.airflow;
  const path = join(folder, `${name}-${version}.tgz`);
  await fetchChart({ name, version, digest, repository }, path);
  console.log(path);
}

if (import.meta.main) await runScript(`scripts/helm/${basename(import.meta.filename)}`, main);
