import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { toolsFolder } from "../../../lib/tools.ts";
import { charts } from "../../charts.ts";

const { name, version, digest } = charts.airflow;
const fileName = `${name}-${version}.tgz`;

/** The pinned package as `make chart` keeps it. */
export function chartPath(): string {
  return join(toolsFolder(), fileName);
}

/**
 * Where a deployment takes the chart from: a repository is replaced by the package that it publishes, fetched once.
 *
 * The provider's Helm compares no digest, so that the file is checked here, each time. An OCI registry, a folder and a
 * package of another version are the site's own: they are taken as they are.
 *
 * @throws Error for a package that is not the pinned one, and where it cannot be fetched
 */
export function checkedChart(source: string, fetchChart = fetchFrom): string {
  if (!isPinnedPackage(source)) return source;
  if (!source.startsWith("https://")) return checked(source);
  const path = chartPath();
  if (!existsSync(path)) fetchChart(source);
  // Below the project, so that the path is the same on every machine.
  return relative(process.cwd(), checked(path));
}

function isPinnedPackage(source: string): boolean {
  if (source.startsWith("oci://")) return false;
  return basename(source) === fileName || (source.startsWith("https://") && !source.endsWith(".tgz"));
}

function checked(path: string): string {
  const found = createHash("sha256").update(readFileSync(path)).digest("hex");
  if (found === digest) return path;
  throw new Error(
    `the chart ${path} is not ${name} ${version}: its sha256 is ${found}; components/charts.ts pins ${digest}. Delete the file and run \`make chart\``,
  );
}

/** In a process of its own, since the program's resources are made without waiting for anything. */
function fetchFrom(source: string): void {
  const script = join(import.meta.dirname, "../../../scripts/helm/fetch.ts");
  const args = [script, "--only", "chart", "--repository", source];
  const env = { ...process.env, NODE_USE_ENV_PROXY: "1" };
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", env });
  if (status === 0) return;
  throw new Error(
    `Airflow's chart cannot be fetched: ${stderr.trim()}. Set airflow.chart to a package that you have, or to a mirror`,
  );
}
