import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { chartPath } from "../components/airflow/chart/chart-package.ts";
import { charts } from "../components/charts.ts";
import { podsFrom } from "./chart-pods.ts";
import type { ChartRelease, RenderedChart } from "./chart-release.ts";
import { UsageError } from "../lib/errors.ts";
import { isKubernetesObject, isNamespaced, type KubernetesObject } from "../lib/kubernetes/objects.ts";
import { textAt } from "../lib/json.ts";
import { programPath } from "../lib/tools.ts";
import { byConfigurationKeys } from "./refused-values.ts";

/** Capabilities that a chart sees, so that two versions of helm render the same. */
const kubernetesVersion = "1.33.0";

interface RenderOptions {
  /** A package or folder of the chart that takes the place of the release's own source. */
  path: string | undefined;
  /** Folder where downloaded packages are kept; undefined: nothing is downloaded. */
  cache: string | undefined;
}

const renderings = new Map<string, Promise<RenderedChart>>();

/**
 * Renders a release with helm, as `helm.v4.Chart` does: without hooks. The same values are rendered once a process.
 *
 * @throws UsageError for a package that is not the pinned one, and for what helm refuses
 */
export function renderChart(release: ChartRelease, options: RenderOptions): Promise<RenderedChart> {
  const key = JSON.stringify([{ ...release, urn: undefined }, options]);
  const rendering = renderings.get(key) ?? renderOnce(release, options);
  renderings.set(key, rendering);
  return rendering;
}

async function renderOnce(release: ChartRelease, options: RenderOptions): Promise<RenderedChart> {
  if (options.path !== undefined && !existsSync(options.path)) {
    throw new UsageError(`the chart ${options.path} does not exist`);
  }
  if (programPath("helm") === undefined) return without(release, "helm is not installed");
  const own = existsSync(release.chart) ? release.chart : undefined;
  const local = options.path ?? own ?? (await download(release, options.cache));
  if (local === undefined)
    return without(release, `helm could not fetch it from ${release.repository ?? release.chart}`);
  const note = await checkOnce(local);
  return { objects: await template(release, local), note };
}

function without(release: ChartRelease, reason: string): RenderedChart {
  const pods = podsFrom(release);
  const shown =
    pods === undefined
      ? "its pods are not in the figures and the policies"
      : "its pods, requests and policies come from its values";
  const hint = release.name === charts.airflow.name ? " To see its objects, run `make chart` once." : "";
  return {
    objects: undefined,
    note: `The chart ${release.name} is not rendered, since ${reason}: ${shown}.${hint}`,
    pods,
  };
}

/** The package that `make chart` has fetched, or the one in the cache, fetched once; undefined if it cannot be fetched. */
async function download(release: ChartRelease, cache: string | undefined): Promise<string | undefined> {
  if (cache === undefined) return undefined;
  const { name, version: pinned } = charts.airflow;
  if (release.name === name && release.version === pinned && existsSync(chartPath())) return chartPath();
  const fileName = `${release.chart.slice(release.chart.lastIndexOf("/") + 1)}-${release.version ?? "latest"}.tgz`;
  const cached = join(cache, fileName);
  if (existsSync(cached)) return cached;
  const folder = await fetchFolder(cache);
  if (folder === undefined) return undefined;
  try {
    const source = release.repository === undefined ? [] : ["--repo", release.repository];
    const version = release.version === undefined ? [] : ["--version", release.version];
    await helm(["pull", release.chart, ...source, ...version, "--destination", folder], 20_000);
    await rename(join(folder, fileName), cached);
    return cached;
  } catch {
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Undefined where the checkout cannot be written to: nothing is cached there. */
async function fetchFolder(cache: string): Promise<string | undefined> {
  try {
    await mkdir(cache, { recursive: true });
    return await mkdtemp(join(cache, "fetch-"));
  } catch {
    return undefined;
  }
}

const checkedPackages = new Map<string, Promise<string | undefined>>();

function checkOnce(path: string): Promise<string | undefined> {
  const check = checkedPackages.get(path) ?? checkPackage(path);
  checkedPackages.set(path, check);
  return check;
}

/** Refuses a package that calls itself the pinned one and is not. */
async function checkPackage(path: string): Promise<string | undefined> {
  const metadata: unknown = parse(await helm(["show", "chart", path], 20_000));
  const [name = "without a name", version = "without a number"] = ["name", "version"].map((key) =>
    textAt(metadata, key),
  );
  const pinned = Object.values(charts).find((chart) => chart.name === name);
  if (pinned === undefined) return `components/charts.ts does not pin the chart ${name}.`;
  if (pinned.version !== version) {
    return `The chart is version ${version}; components/charts.ts pins ${pinned.version}.`;
  }
  if (statSync(path).isDirectory()) {
    return `The chart ${name} ${version} comes from a folder, so its digest is not checked.`;
  }
  if (!("digest" in pinned)) return `components/charts.ts has no digest of the chart ${name} ${version}.`;
  const digest = createHash("sha256").update(readFileSync(path)).digest("hex");
  if (digest === pinned.digest) return undefined;
  throw new UsageError(
    `the chart ${path} claims to be ${pinned.name} ${pinned.version}, but its sha256 is ${digest}; components/charts.ts pins ${pinned.digest}`,
  );
}

async function template(release: ChartRelease, chart: string): Promise<KubernetesObject[]> {
  const folder = await mkdtemp(join(tmpdir(), "chart-values-"));
  try {
    const values = join(folder, "values.json");
    await writeFile(values, JSON.stringify(release.values), { mode: 0o600 });
    const { name, namespace } = release;
    const hooks = release.includeHooks ? [] : ["--no-hooks"];
    const capabilities = ["--include-crds", "--kube-version", kubernetesVersion];
    const args = ["template", name, chart, "--namespace", namespace, "--values", values, ...hooks, ...capabilities];
    return objectsOf(await helm(args, 60_000), namespace);
  } catch (error) {
    if (!(error instanceof UsageError) || release.name !== charts.airflow.name) throw error;
    throw new UsageError(byConfigurationKeys(error.message));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The objects of a rendered chart, with the release's namespace where the chart leaves it out. */
function objectsOf(text: string, namespace: string): KubernetesObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as unknown)
    .filter(isKubernetesObject)
    .map((object) =>
      isNamespaced(object) && object.metadata.namespace === undefined
        ? { ...object, metadata: { ...object.metadata, namespace } }
        : object,
    );
}

/** Runs helm away from the user's own repositories, plugins and cluster. */
function helm(args: string[], timeoutMilliseconds: number): Promise<string> {
  const env = { ...process.env, KUBECONFIG: "/dev/null", HELM_REPOSITORY_CONFIG: "/dev/null" };
  return new Promise((resolve, reject) => {
    execFile(
      programPath("helm") ?? "helm",
      args,
      { env, timeout: timeoutMilliseconds, maxBuffer: 64 * 2 ** 20 },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new UsageError(`helm ${args[0] ?? ""}: ${stderr.trim() === "" ? error.message : stderr.trim()}`));
      },
    );
  });
}
