import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { UserError } from "../../../config/errors.ts";
import { toolsFolder } from "../../../lib/programs/tools.ts";
import { isWebAddress } from "../../../lib/urls.ts";
import { charts } from "../../charts.ts";

const { name, version, digest } = charts.airflow;
const fileName = `${name}-${version}.tgz`;

/**
 * Where the pinned package of a source is, or will be once it is fetched: the file itself, or the copy that `make chart`
 * keeps of a repository's.
 *
 * @param source `airflow.chart`
 * @returns undefined for the site's own chart: an OCI registry, a folder and a package of another name or version
 */
export function pinnedPackage(source: string): string | undefined {
  if (source.startsWith("oci://")) return undefined;
  const isPinned = basename(source) === fileName;
  if (!isWebAddress(source)) return isPinned ? source : undefined;
  return isPinned || !source.endsWith(".tgz") ? join(toolsFolder(), fileName) : undefined;
}

/**
 * Where a deployment takes the chart from: a repository is replaced by the package that it publishes, fetched once.
 *
 * The provider's Helm compares no digest, so that the file is checked here, each time. The site's own chart is taken as
 * it is.
 *
 * @throws UserError for a package that is not the pinned one, and where it cannot be fetched
 */
export function checkedChart(source: string, fetchChart = fetchFrom): string {
  const path = pinnedPackage(source);
  if (path === undefined) return source;
  if (path === source) return checked(path, "If it is your own chart, change its version or rename the file");
  if (!existsSync(path)) fetchChart(source);
  // Below the project, so that the path is the same on every machine.
  return relative(process.cwd(), checked(path, "Delete the file and run `make chart`"));
}

function checked(path: string, advice: string): string {
  if (!existsSync(path)) throw new UserError(`airflow.chart: the file ${path} does not exist`);
  const found = createHash("sha256").update(readFileSync(path)).digest("hex");
  if (found === digest) return path;
  throw new UserError(
    `the chart ${path} is not ${name} ${version}: its sha256 is ${found}; components/charts.ts pins ${digest}. ${advice}`,
  );
}

/** In a process of its own, since the program's resources are made without waiting for anything. */
function fetchFrom(source: string): void {
  const script = join(import.meta.dirname, "../../../scripts/helm/fetch.ts");
  // The URL may have a login, and everyone on the machine sees the arguments of a process.
  const variables = { CHART_REPOSITORY: source, NODE_USE_ENV_PROXY: "1", NODE_USE_SYSTEM_CA: "1" };
  const env = { ...process.env, ...variables };
  const { status, stderr } = spawnSync(process.execPath, [script, "--only", "chart"], { encoding: "utf8", env });
  if (status === 0) return;
  throw new UserError(
    `Airflow's chart cannot be fetched: ${stderr.trim()}. Set airflow.chart to a package that you have, or to a mirror`,
  );
}
