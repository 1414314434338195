import { setTimeout as sleep } from "node:timers/promises";
import { demandOf, sum } from "../../../lib/kubernetes/demand.ts";
import { at, isObject, listAt, textAt } from "../../../lib/json.ts";
import { render } from "../../../preview/render.ts";
import { kubectl } from "../../cluster.ts";
import { asConfig } from "../../e2e/configuration.ts";
import type { Session } from "../../e2e/session.ts";
import { chart, folder } from "../../program/program-cases.ts";
import { allObjects } from "../../program/program-objects.ts";
import type { BenchTarget } from "./target.ts";
import { configuration } from "./platform.ts";
import { progress } from "./progress.ts";
import type { Figures } from "./report.ts";
import { componentOf, type Usage, usageBetween } from "./usage.ts";

const idleSeconds = 120;
const measuredSeconds = 60;

/** The most that an idle platform may request, so that tasks still fit on two cores. */
const targetCores = 1.3;
const targetGiB = 5;

export async function measureIdle({ kubeconfig, dags }: BenchTarget, { platform }: Session): Promise<Figures> {
  progress(`idle: waiting ${idleSeconds} s, then measuring for ${measuredSeconds} s`);
  await sleep(idleSeconds * 1000);
  const before = await summary(kubeconfig);
  await sleep(measuredSeconds * 1000);
  const after = await summary(kubeconfig);
  const components = await componentsOf(kubeconfig, platform.namespace);
  const usage = usageBetween(before, after, (namespace, pod) =>
    namespace === platform.namespace ? components.get(pod) : undefined,
  );
  const rendering = await render({ folder, stack: "minikube", config: asConfig(configuration(dags)), chart });
  const { cpuRequest, memoryRequest } = sum(allObjects(rendering).map(demandOf));
  const requests = { cores: cpuRequest, gib: memoryRequest / 2 ** 30 };
  return idleFigures(usage, requests, [
    ...(platform.hasChart
      ? []
      : ["Without the chart: Airflow runs outside the cluster and the figures do not include it."]),
    ...(platform.leftOut.length === 0
      ? []
      : [
          `These workloads do not run, because no node has their image, but the requests include them: ${platform.leftOut.join(", ")}.`,
        ]),
  ]);
}

/** @param requests of every workload of the stack that exists for long */
export function idleFigures(
  usage: Map<string, Usage>,
  requests: { cores: number; gib: number },
  caveats: string[],
): Figures {
  const sorted = [...usage].toSorted(([, a], [, b]) => b.memoryMiB - a.memoryMiB);
  const total = (of: (usage: Usage) => number) => sorted.reduce((sum, [, each]) => sum + of(each), 0);
  const rows = [
    ...sorted.map(([name, { cpuMillicores, memoryMiB }]) => [name, cpuMillicores, memoryMiB]),
    ["all", total(({ cpuMillicores }) => cpuMillicores), total(({ memoryMiB }) => memoryMiB)],
  ];
  return {
    tables: [{ title: "Usage of each component", columns: ["component", "CPU in thousandths of a core", "MiB"], rows }],
    targets: [
      { name: "idle requests, CPU", value: requests.cores, limit: targetCores },
      { name: "idle requests, GiB of memory", value: requests.gib, limit: targetGiB },
    ],
    caveats,
  };
}

/** The kubelets' summaries, as one. */
async function summary(kubeconfig: string): Promise<{ pods: unknown[] }> {
  const { stdout } = await kubectl(kubeconfig, ["get", "nodes", "--output", "name"]);
  const nodes = stdout.trim().split("\n");
  const pods = nodes.map(async (node) => {
    const path = `/api/v1/nodes/${node.replace("node/", "")}/proxy/stats/summary`;
    return listAt(JSON.parse((await kubectl(kubeconfig, ["get", "--raw", path])).stdout), "pods");
  });
  return { pods: (await Promise.all(pods)).flat() };
}

/** The component of each pod that runs, by name. */
async function componentsOf(kubeconfig: string, namespace: string): Promise<Map<string, string>> {
  const { stdout } = await kubectl(kubeconfig, ["get", "pods", "--namespace", namespace, "--output", "json"]);
  return new Map(
    listAt(JSON.parse(stdout), "items").flatMap((pod) => {
      const labels = at(pod, "metadata.labels");
      const isRunning = textAt(pod, "status.phase") === "Running";
      return isRunning && isObject(labels) ? [[textAt(pod, "metadata.name") ?? "", componentOf(labels)] as const] : [];
    }),
  );
}
