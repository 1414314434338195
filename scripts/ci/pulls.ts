// make pulls: asks the registries whether every pinned image and chart can still be pulled, without pulling any.
// `--list` prints the public images of components/images.ts and queries no registry.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { charts } from "../../components/charts.ts";
import { publicImages } from "../../components/images.ts";
import { readOptions, runScript } from "../../lib/command-line.ts";
import { basesOf } from "../../lib/docker/dockerfile.ts";
import { listedVersion } from "../helm/fetch-chart.ts";
import { isTemporaryProblem, manifestOf, withRetries, reasonOf } from "./registry.ts";

const top = join(import.meta.dirname, "../..");

/** A chart as its repository lists it. */
interface PinnedChart {
  name: string;
  version: string;
  /** URL of the chart repository. */
  repository: string;
  /** sha256 of the package. @default - not compared */
  digest?: string;
}

/** Every image that is pulled from a public registry: what the platform runs, and what Dockerfiles begin with. */
export function pinnedImages(): string[] {
  const dockerfiles = globSync("{images/*,local,.devcontainer}/Dockerfile", { cwd: top });
  const bases = dockerfiles.flatMap((path) => basesOf(readFileSync(join(top, path), "utf8")));
  return [...new Set([...publicReferences(), ...bases])].toSorted();
}

/** Every chart, from where it is published. */
export function pinnedCharts(): PinnedChart[] {
  return Object.values(charts);
}

function publicReferences(): string[] {
  return Object.values(publicImages).map(({ repository, tag }) => `${repository}:${tag}`);
}

/** Why an image cannot be pulled; undefined where it can. */
export async function imageProblem(image: string, get: typeof fetch = fetch): Promise<string | undefined> {
  return (await manifestOf(image, get)).problem;
}

function problemOf({ ok, status }: Response): string | undefined {
  return ok ? undefined : `HTTP ${status}`;
}

/**
 * Looks a chart up in its repository's index and asks for the package.
 *
 * @returns why it cannot be pulled; undefined where it can
 */
export async function chartProblem(chart: PinnedChart, get: typeof fetch = fetch): Promise<string | undefined> {
  const index = await get(`${chart.repository}/index.yaml`);
  if (!index.ok) return `index.yaml: HTTP ${index.status}`;
  const listed = listedVersion(parse(await index.text()), chart);
  if (listed === undefined) return `${chart.repository}/index.yaml does not list it`;
  if (chart.digest !== undefined && listed.digest !== chart.digest) {
    return `its digest is ${String(listed.digest)}, components/charts.ts has ${chart.digest}`;
  }
  return problemOf(await get(listed.url, { method: "HEAD" }));
}

async function main(args: string[]): Promise<number> {
  const { list } = readOptions(args, { list: { type: "boolean", default: false } });
  if (list) {
    console.log(publicReferences().join("\n"));
    return 0;
  }
  let code = 0;
  const checks = [
    ...pinnedImages().map((image) => ({ what: image, check: () => imageProblem(image) })),
    ...pinnedCharts().map((chart) => ({
      what: `chart ${chart.name} ${chart.version}`,
      check: () => chartProblem(chart),
    })),
  ];
  for (const { what, check } of checks) {
    const problem = await withRetries(check, isTemporaryProblem).catch(reasonOf);
    console.log(problem === undefined ? `can be pulled: ${what}` : `CANNOT BE PULLED: ${what}: ${problem}`);
    if (problem !== undefined) code = 1;
  }
  return code;
}

if (import.meta.main) await runScript("scripts/ci/pulls.ts", main);
