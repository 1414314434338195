import assert from "node:assert/strict";
import { demandOf, sum } from "../../lib/kubernetes/demand.ts";
import { at, isObject, textAt } from "../../lib/json.ts";
import { parseQuantity } from "../../lib/quantity.ts";
import { knownObjects } from "../../preview/chart-pods.ts";
import type { Rendering } from "../../preview/render.ts";
import { readStack, stacksOf } from "../../preview/stack.ts";
import { validate } from "../../config.ts";
import { type Capacity, capacityForPods } from "./node-capacity.ts";
import { folder, renderCase } from "./program-cases.ts";

/** Two tasks at once, each a worker pod and the pod that it starts. */
const runningTasks = 2;

/** A node of a stack's pool, at the fewest that the pool has. */
interface Nodes {
  kind: string;
  machineType: string;
  podsPerNode: number;
  minCount: number;
}

const clouds = stacksOf(folder).filter((stack) => nodesOf(stack) !== undefined);

describe("the default nodes", () => {
  for (const stack of clouds) {
    it(`of ${stack} hold its platform, the system's pods and ${runningTasks} running tasks`, async () => {
      const nodes = nodesOf(stack);
      assert.ok(nodes);
      const capacity = capacityForPods(nodes.kind, nodes.machineType, nodes.podsPerNode);
      const demand = await demandOfStack(stack);
      const free = {
        cpu: nodes.minCount * capacity.cpu - demand.cpu,
        memory: nodes.minCount * capacity.memory - demand.memory,
      };
      assert.ok(free.cpu >= 0 && free.memory >= 0, `free: ${free.cpu} cores, ${free.memory / 1024 ** 3} GiB`);
    });
  }
});

function nodesOf(stack: string): Nodes | undefined {
  const { project, config } = readStack(folder, stack);
  const entries = Object.entries(config).filter(([key]) => key.startsWith(`${project}:`));
  const values = entries.map(([key, text]) => [key.slice(project.length + 1), parsed(text)] as const);
  const { cluster } = validate(Object.fromEntries(values.filter(([, value]) => JSON.stringify(value) !== "{}")));
  return "nodes" in cluster ? { kind: cluster.kind, ...cluster.nodes } : undefined;
}

function parsed(text: string): unknown {
  return /^[[{]|^(true|false)$/.test(text) ? JSON.parse(text) : text;
}

async function demandOfStack(stack: string): Promise<Capacity> {
  const rendering = await renderCase({ title: stack, stack, config: {} });
  const inPlatform = rendering.objects.filter(({ object }) => object.metadata.namespace !== "kube-system");
  const own = sum(inPlatform.map(({ object }) => demandOf(object)));
  const airflow = airflowOf(rendering);
  const task = taskOf(rendering);
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
  assert.ok(cpu > 0.5 && memory > 2 * 2 ** 30, `${cpu} CPU, ${memory} bytes`);
  return { cpu, memory };
}

function valuesOf({ charts }: Rendering): unknown {
  return charts.find(({ release }) => release.name === "airflow")?.release.values;
}

function taskOf(rendering: Rendering): Capacity {
  const worker = requestsOf(at(valuesOf(rendering), "workers.kubernetes"));
  const platform = rendering.objects.find(({ object }) => object.metadata.name === "airflow-platform");
  const text = isObject(platform?.object.data)
    ? textAt({ text: platform.object.data["platform.json"] }, "text")
    : undefined;
  const projects: unknown = at(JSON.parse(text ?? "{}"), "projects");
  const [first] = isObject(projects) ? Object.values(projects) : [];
  return add(worker, requestsOf(at(first, "pod.spec.containers.0")));
}

function requestsOf(container: unknown): Capacity {
  const quantity = (path: string) => parseQuantity(at(container, `resources.requests.${path}`)) ?? 0;
  return { cpu: quantity("cpu"), memory: quantity("memory") };
}

function add(one: Capacity, other: Capacity): Capacity {
  return { cpu: one.cpu + other.cpu, memory: one.memory + other.memory };
}
