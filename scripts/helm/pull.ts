// scripts/helm/pull.ts FILE: fetches a chart's package without a pinned digest, for previews. CHART_REPOSITORY is the URL of a
// repository, with CHART_NAME and CHART_VERSION, or the package's own. It may have a login.
import { writeFile } from "node:fs/promises";
import { readCommand, runScript } from "../../lib/command-line.ts";
import { chartPackage } from "./fetch-chart.ts";

async function main(all: string[]): Promise<void> {
  const [file = ""] = readCommand(all, {}).args;
  const { CHART_REPOSITORY: repository = "", CHART_NAME: name = "", CHART_VERSION: version = "" } = process.env;
  await writeFile(file, await chartPackage({ name, version, repository }));
}

await runScript("scripts/helm/pull.ts", main);
