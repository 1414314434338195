import { isObject, textAt } from "../../lib/json.ts";
import { type KubernetesObject, nameOf } from "../../lib/kubernetes/objects.ts";
import type { GeneratedValues } from "../../preview/recorder/random.ts";
import { type Rendering, render } from "../../preview/render.ts";
import { chartWavesOf } from "../../preview/recorder/waves.ts";
import { kubectl } from "../cluster.ts";
import { allObjects } from "../program/program-objects.ts";
import { chart, folder } from "../program/program-cases.ts";
import { asConfig, namespace, projects } from "./configuration.ts";
import { apply, deploy, objectsByWave } from "./deploy.ts";
import { missingImages, nodeImages } from "./node-images.ts";
import type { Changes, Platform } from "./platform.ts";
import { statsd } from "./statsd.ts";

/**
 * The platform as `make preview` renders it, applied in order.
 *
 * Random values are drawn once, as a state keeps them. What a configuration no longer has is removed at the end, and a
 * Job whose pod changed is created again, as an update does.
 */
export async function objectsPlatform(kubeconfig: string, configuration: Changes): Promise<Platform> {
  const drawn: GeneratedValues = new Map();
  const held = await nodeImages(kubeconfig);
  const rendered = (changes: Changes = {}) => renderWith(drawn, { ...configuration, ...changes });
  const first = await rendered();
  const hasChart = first.charts.some(({ rendered: { objects } }) => objects !== undefined);
  const leftOut = allObjects(first)
    .filter((object) => missingImages(object, held).length > 0)
    .map(nameOf);
  // By name: an upgrade gives to what runs an image that came later.
  const isLeftOut = (object: KubernetesObject) => leftOut.includes(nameOf(object));
  let applied: KubernetesObject[] = [];

  // Where no chart is rendered, Airflow runs beside the cluster and its metrics go there all the same.
  const besideTheProgram = hasChart ? [] : [statsd(textAt(configuration, "namespace") ?? namespace)];

  const wavesFor = async (changes: Changes) => {
    const all = [...wavesOf(await rendered(changes)), ...besideTheProgram];
    const waves = all.map((objects) => objects.filter((object) => !isLeftOut(object)));
    return waves.filter((objects) => objects.length > 0);
  };
  const applyChanges = async (changes: Changes) => {
    const waves = await wavesFor(changes);
    await removeChangedJobs(kubeconfig, applied, waves.flat());
    await deploy(kubeconfig, waves);
    await prune(kubeconfig, applied, waves.flat());
    applied = waves.flat();
  };
  return {
    kubeconfig,
    namespace,
    projects: projects.map(({ name }) => name),
    deployer: "kubectl, from the objects of the preview",
    hasChart,
    leftOut,
    apply: (changes = {}) => applyChanges(changes),
    repair: () => applyChanges({}),
    interrupt: async () => {
      const waves = await wavesFor({});
      const half = Math.ceil(waves.length / 2);
      await deploy(kubeconfig, waves.slice(0, half));
      const [broken = []] = waves.slice(half);
      await apply(kubeconfig, broken.slice(0, broken.length / 2));
      applied = waves.flat();
    },
    objects: async (changes = {}) => (await wavesFor(changes)).flat(),
    chartValues: async (changes = {}) => chartValuesOf(await rendered(changes)),
    destroy: () => removeObjects(kubeconfig, applied),
  };
}

function renderWith(generate: GeneratedValues, values: Changes): Promise<Rendering> {
  return render({ folder, stack: "minikube", config: asConfig(values), generate, chart });
}

export function chartValuesOf({ charts }: Rendering): Record<string, unknown> {
  return charts.find(({ release }) => release.name === "airflow")?.release.values ?? {};
}

/** The program's objects, and after them the chart's where it can be rendered. */
function wavesOf(rendering: Rendering): KubernetesObject[][] {
  const charts = rendering.charts.flatMap(({ rendered }) => byWave(rendered.objects ?? []));
  return [...objectsByWave(rendering), ...charts];
}

function byWave(objects: KubernetesObject[]): KubernetesObject[][] {
  const waves = chartWavesOf(objects);
  const numbers = [...new Set(waves.values())].sort((a, b) => a - b);
  return numbers.map((number) => objects.filter((object) => waves.get(object) === number));
}

/** A Job's pod cannot be changed. */
async function removeChangedJobs(kubeconfig: string, before: KubernetesObject[], after: KubernetesObject[]) {
  const old = new Map(before.map((object) => [nameOf(object), JSON.stringify(object)]));
  for (const job of after.filter(({ kind }) => kind === "Job")) {
    const text = old.get(nameOf(job));
    if (text !== undefined && text !== JSON.stringify(job)) await remove(kubeconfig, job);
  }
}

/** The other way round than they were applied: a volume goes after its claim. */
async function prune(kubeconfig: string, before: KubernetesObject[], after: KubernetesObject[]) {
  const kept = new Set(after.map(nameOf));
  const gone = before.filter((object) => !kept.has(nameOf(object)));
  for (const object of gone.reverse()) await remove(kubeconfig, object);
}

async function remove(kubeconfig: string, { kind, metadata }: KubernetesObject): Promise<void> {
  const inNamespace = metadata.namespace === undefined ? [] : ["--namespace", metadata.namespace];
  await kubectl(kubeconfig, ["delete", kind, metadata.name, ...inNamespace, "--ignore-not-found", "--timeout=180s"]);
}

/**
 * Removes objects of the cluster, and with the namespaces among them all that is in those; waits until they are gone.
 *
 * Volumes come last: they stay as long as their claims do.
 */
export async function removeObjects(kubeconfig: string, objects: KubernetesObject[]): Promise<void> {
  const clusterWide = objects.filter(({ metadata }) => metadata.namespace === undefined);
  const later = ["Namespace", "PersistentVolume"];
  const first = clusterWide.filter(({ kind }) => !later.includes(kind));
  for (const items of [first, ...later.map((late) => clusterWide.filter(({ kind }) => kind === late))]) {
    if (items.length === 0) continue;
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
    await kubectl(kubeconfig, ["delete", "--ignore-not-found", "--timeout=300s", "--filename", "-"], list);
  }
}

/** What the cluster has of objects: the resource version by name, e.g. to see that a second deploy changed nothing. */
export async function resourceVersions(
  kubeconfig: string,
  objects: KubernetesObject[],
): Promise<Record<string, string>> {
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  const { stdout } = await kubectl(kubeconfig, ["get", "--filename", "-", "--output", "json"], list);
  const { items } = JSON.parse(stdout) as { items: KubernetesObject[] };
  return Object.fromEntries(
    items.map((item) => [nameOf(item), isObject(item.metadata) ? String(item.metadata.resourceVersion) : ""]),
  );
}
