import { devNull } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { charts as pinned } from "../components/charts.ts";
import { renderChart } from "./chart.ts";
import { type ChartRelease, releasesOf, type RenderedChart } from "./chart-release.ts";
import { type KubernetesObject, objectOf } from "../lib/kubernetes/objects.ts";
import { inputProblems, RefusedInputs } from "./facts/input-problems.ts";
import { record } from "./recorder/recorder.ts";
import type { Recording, Registration } from "../lib/recording.ts";
import type { StackOutputs } from "./recorder/mocks.ts";
import type { GeneratedValues } from "./recorder/random.ts";
import { readStack, type Stack, stacksOf } from "./stack.ts";
import { isObject } from "../lib/json.ts";

/** Everything that a preview knows of a stack. */
export interface Rendering extends Recording {
  stack: Stack;
  /** The program's own objects, with the resource that registers each. */
  objects: RegisteredObject[];
  charts: Chart[];
}

export interface RegisteredObject {
  resource: Registration;
  object: KubernetesObject;
}

export interface Chart {
  release: ChartRelease;
  rendered: RenderedChart;
}

interface RenderOptions {
  /** Folder with Pulumi.yaml and the program. */
  folder: string;
  stack: string;
  /** Values that replace those of the stack's file, by `namespace:key`. @default - none */
  config?: Record<string, string>;
  /** Keys of `config` that are secret. @default - none */
  secretKeys?: string[];
  /** Package or folder of Airflow's chart. @default - the chart's own source */
  chart?: string | undefined;
  /** Whether a chart may be fetched from its own source. @default true */
  download?: boolean;
  /** Whether secrets are real random values; a map keeps them for the next rendering. @default false */
  generate?: boolean | GeneratedValues;
  /** Called before each step that may take a while. @default - not called */
  onStep?: (step: string) => void;
}

/**
 * Runs a stack's program offline and renders its charts.
 *
 * @throws UsageError, or the program's own ConfigError
 */
export async function render(options: RenderOptions): Promise<Rendering> {
  const { folder, onStep = () => undefined } = options;
  const stack = readStack(folder, options.stack);
  onStep("loading the program");
  // The preview of a stack is the same on each machine: none has a kubeconfig.
  process.env.KUBECONFIG = devNull;
  const program = await loadProgram(folder);
  onStep("running the program");
  const configured = {
    ...stack,
    config: { ...stack.config, ...options.config },
    secretKeys: [...stack.secretKeys, ...(options.secretKeys ?? [])],
  };
  const recording = await recordStack(program, folder, configured, options.generate ?? false);
  const cache = options.download === false ? undefined : join(folder, "node_modules", ".cache", "charts");
  const problems = recording.resources.flatMap(inputProblems);
  if (problems.length > 0) throw new RefusedInputs(problems);
  const charts: Chart[] = [];
  for (const release of releasesOf(recording.resources)) {
    // The package that a user gives is Airflow's, whatever other charts a cluster needs.
    const path = release.name === pinned.airflow.name ? options.chart : undefined;
    charts.push({ release, rendered: await renderChart(release, { path, cache, onStep }) });
  }
  return { ...recording, stack: configured, objects: recording.resources.flatMap(registeredObject), charts };
}

/**
 * Records a stack, and before it the stacks that it refers to.
 *
 * Their names are known when the program has run once. A stack without a file here keeps unknown outputs.
 */
async function recordStack(
  program: () => unknown,
  folder: string,
  stack: Stack,
  generate: boolean | GeneratedValues,
): Promise<Recording> {
  const run = (of: Stack, stackOutputs: StackOutputs) =>
    record(program, { ...of, dryRun: true, generate, stackOutputs });
  const names = new Set<string>();
  const first = await run(stack, (name) => {
    names.add(name);
    return undefined;
  });
  const known = new Map<string, ReturnType<StackOutputs>>();
  for (const name of names) {
    const [, project, other = ""] = name.split("/");
    if (project !== stack.project || !stacksOf(folder).includes(other)) continue;
    const { outputs, secretOutputPaths } = await run(readStack(folder, other), () => undefined);
    const isSecret = (output: string) =>
      secretOutputPaths.some((path) => path === output || path.startsWith(`${output}.`));
    known.set(name, { outputs, secretNames: Object.keys(outputs).filter(isSecret) });
  }
  return known.size === 0 ? first : run(stack, (name) => known.get(name));
}

/** The default export of a folder's index.ts. */
async function loadProgram(folder: string): Promise<() => unknown> {
  const module: unknown = await import(pathToFileURL(join(folder, "index.ts")).href);
  const program = isObject(module) ? module.default : undefined;
  if (typeof program !== "function") throw new Error(`${folder}/index.ts exports no function as its default`);
  return (): unknown => Reflect.apply(program, undefined, []);
}

function registeredObject(resource: Registration): RegisteredObject[] {
  const object = objectOf(resource);
  return object === undefined ? [] : [{ resource, object }];
}
