// make chart: fetches Airflow's chart and helm into .tools/, each checked by its digest; prints their paths.
// CHART_REPOSITORY names another repository, or the package's own URL. Both may have a login.
import { basename, join } from "node:path";
import { charts } from "../../components/charts.ts";
import { CommandLineError, readOptions, runScript } from "../../lib/command-line.ts";
import { UsageError } from "../../lib/errors.ts";
import { toolsFolder } from "../../lib/programs/tools.ts";
import { unwritable } from "../../lib/writable.ts";
import { Unreachable } from "./download.ts";
import { fetchChart } from "./fetch-chart.ts";
import { fetchHelm } from "./fetch-helm.ts";

const parts = ["helm", "chart"];

async function main(args: string[]): Promise<void> {
  const { only, folder } = readOptions(args, {
    only: { type: "string" },
    folder: { type: "string", default: toolsFolder() },
  });
  if (only !== undefined && !parts.includes(only)) {
    throw new CommandLineError(`found --only ${only}; allowed: ${parts.join(" or ")}`);
  }
  try {
    // The chart first: a deployment needs it, and helm is for previews alone.
    if (only !== "helm") console.log(await fetchPinned(folder));
    if (only !== "chart") console.log(await fetchHelm(join(folder, "bin")));
  } catch (error) {
    const code = unwritable(error);
    if (code === undefined) throw error;
    throw new UsageError(`${folder} cannot be written to (${code}): set MLOPS_TOOLS to a folder that can`);
  }
}

const elsewhere =
  "Behind a proxy, set HTTPS_PROXY; for certificates of your own, NODE_EXTRA_CA_CERTS. Where a mirror has the chart, " +
  'run `make chart REPOSITORY=https://…`: docs/site.md, "Downloads behind the site\'s walls"';

async function fetchPinned(folder: string): Promise<string> {
  const { name, version, digest, repository: published } = charts.airflow;
  const { CHART_REPOSITORY: own = "" } = process.env;
  const path = join(folder, `${name}-${version}.tgz`);
  const chart = { name, version, digest, repository: own === "" ? published : own };
  await fetchChart(chart, path).catch((error: unknown) => {
    throw error instanceof Unreachable ? new UsageError(`${error.message}. ${elsewhere}`) : error;
  });
  return path;
}

if (import.meta.main) await runScript(`scripts/helm/${basename(import.meta.filename)}`, main);
