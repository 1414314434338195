import assert from "node:assert/strict";
import { demandOf, sum } from "../../lib/kubernetes/demand.ts";
import { at, isObject, textAt } from "../../lib/json.ts";
import { parseQuantity } from "../../lib/quantity.ts";
import { knownObjects } from "../../preview/chart-pods.ts";
import type { Rendering } from "../../preview/render.ts";
import { readStack, stacksOf } from "../../preview/stack.ts";
import { validate } from "../../config.ts";
import { type Capacity, capacityForPods } from "./node-capacity.ts";
import { exampleCases } from "./example-stacks.ts";
import { type Case, folder, renderCase } from "./program-cases.ts";

/** Two tasks at once, each a worker pod and the pod that it starts. */
const runningTasks = 2;

/** A node of a stack's pool, at the fewest that the pool has. */
interface Nodes {
  kind: string;
  machineType: string;
  podsPerNode: number;
  minCount: number;
  /** Whether tasks run on other nodes. */
  hasTaskNodes: boolean;
}

const small = exampleCases().filter(({ stack }) => stack.startsWith("small-"));
const clouds = [...stacksOf(folder).map((stack): Case => ({ title: stack, stack, config: {} })), ...small].filter(
  (each) => nodesOf(each) !== undefined,
);

describe("the default nodes", () => {
  it("are those of each cloud and of its small profile", () => {
    assert.deepEqual(clouds.map(({ stack }) => stack).toSorted(), ["eks", "gke", "small-eks", "small-gke"]);
  });

  for (const each of clouds) {
    it(`of ${each.title} hold its platform, the system's pods and ${runningTasks} running tasks`, async () => {
      const nodes = nodesOf(each);
      assert.ok(nodes);
      const capacity = capacityForPods(nodes.kind, nodes.machineType, nodes.podsPerNode);
      const demand = await demandOfStack(each, nodes);
      const free = {
        cpu: nodes.minCount * capacity.cpu - demand.cpu,
        memory: nodes.minCount * capacity.memory - demand.memory,
      };
      assert.ok(free.cpu >= 0 && free.memory >= 0, `free: ${free.cpu} cores, ${free.memory / 1024 ** 3} GiB`);
    });
  }
});

function nodesOf({ stack, folder: place = folder }: Case): Nodes | undefined {
  const { project, config } = readStack(place, stack);
  const entries = Object.entries(config).filter(([key]) => key.startsWith(`${project}:`));
  const values = entries.map(([key, text]) => [key.slice(project.length + 1), parsed(text)] as const);
  const { cluster } = validate(Object.fromEntries(values.filter(([, value]) => JSON.stringify(value) !== "{}")));
  if (!("nodes" in cluster)) return undefined;
  return { kind: cluster.kind, ...cluster.nodes, hasTaskNodes: cluster.spotNodes?.tasksByDefault === true };
}

function parsed(text: string): unknown {
  return /^[[{]|^(true|false)$/.test(text) ? JSON.parse(text) : text;
}

async function demandOfStack(each: Case, { hasTaskNodes }: Nodes): Promise<Capacity> {
  const rendering = await renderCase(each);
  const inPlatform = rendering.objects.filter(({ object }) => object.metadata.namespace !== "kube-system");
  const own = sum(inPlatform.map(({ object }) => demandOf(object)));
  const airflow = airflowOf(rendering);
  const task = hasTaskNodes ? workerOf(rendering) : add(workerOf(rendering), podOfTask(rendering));
  return {
    cpu: own.cpuRequest + airflow.cpu + runningTasks * task.cpu,
    memory: own.memoryRequest + airflow.memory + runningTasks * task.memory,
  };
}

/** Airflow's idle requests, by the chart's objects or its values. */
function airflowOf({ charts }: Rendering): Capacity {
  const { cpuRequest: cpu, memoryRequest: memory } = sum(
    charts.flatMap(({ rendered }) => knownObjects(rendered)).map(demandOf),
  );
  assert.ok(cpu > 0.4 && memory > 2 * 2 ** 30, `${cpu} CPU, ${memory} bytes`);
  return { cpu, memory };
}

function valuesOf({ charts }: Rendering): unknown {
  return charts.find(({ release }) => release.name === "airflow")?.release.values;
}

/** The pod that Airflow starts for a task, which starts the task's own. */
function workerOf(rendering: Rendering): Capacity {
  return requestsOf(at(valuesOf(rendering), "workers.kubernetes"));
}

function podOfTask(rendering: Rendering): Capacity {
  const platform = rendering.objects.find(({ object }) => object.metadata.name === "airflow-platform");
  const text = isObject(platform?.object.data)
    ? textAt({ text: platform.object.data["platform.json"] }, "text")
    : undefined;
  const projects: unknown = at(JSON.parse(text ?? "{}"), "projects");
  const [first] = isObject(projects) ? Object.values(projects) : [];
  return requestsOf(at(first, "pod.spec.containers.0"));
}

function requestsOf(container: unknown): Capacity {
  const quantity = (path: string) => parseQuantity(at(container, `resources.requests.${path}`)) ?? 0;
  return { cpu: quantity("cpu"), memory: quantity("memory") };
}

function add(one: Capacity, other: Capacity): Capacity {
  return { cpu: one.cpu + other.cpu, memory: one.memory + other.memory };
}
