import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { pinnedPackage } from "../components/airflow/chart/chart-package.ts";
import { charts } from "../components/charts.ts";
import { podsFrom } from "./chart-pods.ts";
import type { ChartRelease, RenderedChart } from "./chart-release.ts";
import { errorText, UsageError } from "../lib/errors.ts";
import { isKubernetesObject, isNamespaced, type KubernetesObject } from "../lib/kubernetes/objects.ts";
import { textAt } from "../lib/json.ts";
import { programPath } from "../lib/programs/tools.ts";
import { isWebAddress, withoutLogins } from "../lib/urls.ts";
import { byConfigurationKeys } from "./refused-values.ts";

/** Capabilities that a chart sees, so that two versions of helm render the same. */
const kubernetesVersion = "1.33.0";

const pullScript = join(import.meta.dirname, "../scripts/helm/pull.ts");

interface RenderOptions {
  /** A package or folder of the chart that takes the place of the release's own source. */
  path: string | undefined;
  /** Folder where downloaded packages are kept; undefined: nothing is downloaded. */
  cache: string | undefined;
  /** Called before each step that may take a while. */
  onStep?: (step: string) => void;
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

async function renderOnce(
  release: ChartRelease,
  { onStep = () => undefined, ...options }: RenderOptions,
): Promise<RenderedChart> {
  if (options.path !== undefined && !existsSync(options.path)) {
    throw new UsageError(`the chart ${options.path} does not exist`);
  }
  if (programPath("helm") === undefined) return without(release, "helm is not installed", true);
  const found = options.path ?? localPackage(release) ?? (await download(release, options.cache, onStep));
  if (typeof found === "object") return without(release, found.problem, deployedPackage(release) !== undefined);
  onStep(`rendering the chart ${release.name}`);
  const note = await checkOnce(found, release);
  return { objects: await template(release, found), note };
}

function sourceOf({ repository, chart }: ChartRelease): string {
  return repository ?? chart;
}

/** The package that a deployment takes and compares; undefined: the chart is the site's own, or not Airflow's. */
function deployedPackage(release: ChartRelease): string | undefined {
  return release.name === charts.airflow.name ? pinnedPackage(sourceOf(release)) : undefined;
}

/** A release's own file or folder. */
function localPackage({ repository, chart }: ChartRelease): string | undefined {
  return repository === undefined && existsSync(chart) ? chart : undefined;
}

/** @param helps whether `make chart` fetches what is missing */
function without(release: ChartRelease, reason: string, helps: boolean): RenderedChart {
  const pods = podsFrom(release);
  const shown =
    pods === undefined
      ? "its pods are not in the figures and the policies"
      : "its pods, requests and policies come from its values";
  const hint = helps && release.name === charts.airflow.name ? " To see its objects, run `make chart` once." : "";
  return {
    objects: undefined,
    note: `The chart ${release.name} is not rendered, since ${reason}: ${shown}.${hint}`,
    pods,
  };
}

/** The package that `make chart` has fetched, or the one in the cache, fetched once; or why it cannot be fetched. */
async function download(
  release: ChartRelease,
  cache: string | undefined,
  onStep: (step: string) => void,
): Promise<string | { problem: string }> {
  if (cache === undefined) return { problem: "its package is not on this machine" };
  const deployed = deployedPackage(release);
  if (deployed !== undefined && existsSync(deployed)) return deployed;
  const cached = join(cache, cacheName(release));
  if (existsSync(cached)) return cached;
  onStep(`fetching the chart ${release.name}`);
  const folder = await fetchFolder(cache);
  if (folder === undefined) return { problem: `${cache} cannot be written to` };
  try {
    await pull(release, join(folder, "chart.tgz"));
    await rename(join(folder, "chart.tgz"), cached);
    return cached;
  } catch (error) {
    // The ports of a failed connection differ each time, and two previews write the same bytes.
    const reason = withoutLogins(errorText(error))
      .replaceAll(/:\d+->/g, "->")
      .replaceAll(/\s+/g, " ");
    return { problem: `it could not be fetched from ${withoutLogins(sourceOf(release))} (${reason})` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** By helm from an OCI registry only: a URL may have a login, which its arguments would show to everyone on the machine. */
async function pull(release: ChartRelease, target: string): Promise<void> {
  const { chart, version = "" } = release;
  const source = sourceOf(release);
  if (isWebAddress(source)) {
    const variables = { CHART_REPOSITORY: source, CHART_NAME: chart, CHART_VERSION: version };
    const network = { NODE_USE_ENV_PROXY: "1", NODE_USE_SYSTEM_CA: "1" };
    await run(process.execPath, ["--no-warnings", pullScript, target], { ...process.env, ...network, ...variables });
    return;
  }
  const folder = dirname(target);
  const versionArgs = version === "" ? [] : ["--version", version];
  await helm(["pull", chart, ...versionArgs, "--destination", folder], 20_000);
  const pulled = (await readdir(folder)).find((name) => name.endsWith(".tgz")) ?? "";
  await rename(join(folder, pulled), target);
}

/** A name for each source: two of them may publish different packages of one version. */
function cacheName(release: ChartRelease): string {
  const { chart, version = "any" } = release;
  const source = createHash("sha256")
    .update(JSON.stringify([sourceOf(release), chart, version]))
    .digest("hex");
  return `${chart.slice(chart.lastIndexOf("/") + 1)}-${version}-${source.slice(0, 12)}.tgz`;
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

function checkOnce(path: string, release: ChartRelease): Promise<string | undefined> {
  const isOwn = release.name === charts.airflow.name && deployedPackage(release) === undefined;
  const own = isOwn ? withoutLogins(sourceOf(release)) : undefined;
  const key = JSON.stringify([path, own]);
  const check = checkedPackages.get(key) ?? checkPackage(path, own);
  checkedPackages.set(key, check);
  return check;
}

/**
 * Refuses a package that calls itself the pinned one and is not, as a deployment does.
 *
 * @param own source of the site's own chart, whose digest a deployment does not compare; undefined: it compares it
 */
async function checkPackage(path: string, own: string | undefined): Promise<string | undefined> {
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
  if (own !== undefined) return `The chart ${name} ${version} comes from ${own}, so its digest is not checked.`;
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
function helm(args: string[], timeout: number): Promise<string> {
  const env = { ...process.env, KUBECONFIG: "/dev/null", HELM_REPOSITORY_CONFIG: "/dev/null" };
  return run(programPath("helm") ?? "helm", args, env, { prefix: `helm ${args[0] ?? ""}: `, timeout });
}

/** @throws UsageError with what the program printed */
function run(
  program: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  { prefix = "", timeout = 20_000 } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, timeout, maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new UsageError(`${prefix}${stderr.trim() === "" ? error.message : stderr.trim()}`));
    });
  });
}
