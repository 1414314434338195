import { at, listAt, textAt } from "../../../lib/json.ts";

/** What a component takes. */
export interface Usage {
  /** Thousandths of a core, the mean between two looks. */
  cpuMillicores: number;
  /** Working set. */
  memoryMiB: number;
}

/**
 * The usage of each component between two summaries of the kubelet.
 *
 * @param componentOf the component of a pod; undefined for pods that do not count
 */
export function usageBetween(
  before: unknown,
  after: unknown,
  componentOf: (namespace: string, pod: string) => string | undefined,
): Map<string, Usage> {
  const earlier = new Map(listAt(before, "pods").map((pod) => [textAt(pod, "podRef.uid"), pod]));
  const usage = new Map<string, Usage>();
  for (const pod of listAt(after, "pods")) {
    const first = earlier.get(textAt(pod, "podRef.uid"));
    const component = componentOf(textAt(pod, "podRef.namespace") ?? "", textAt(pod, "podRef.name") ?? "");
    if (first === undefined || component === undefined) continue;
    const { cpuMillicores, memoryMiB } = usage.get(component) ?? { cpuMillicores: 0, memoryMiB: 0 };
    usage.set(component, {
      cpuMillicores: cpuMillicores + millicoresBetween(first, pod),
      memoryMiB: memoryMiB + Number(at(pod, "memory.workingSetBytes") ?? 0) / 2 ** 20,
    });
  }
  return usage;
}

function millicoresBetween(before: unknown, after: unknown): number {
  const seconds = (pod: unknown) => Date.parse(textAt(pod, "cpu.time") ?? "") / 1000;
  const coreSeconds = (pod: unknown) => Number(at(pod, "cpu.usageCoreNanoSeconds") ?? 0) / 1e9;
  const elapsed = seconds(after) - seconds(before);
  return elapsed > 0 ? (1000 * (coreSeconds(after) - coreSeconds(before))) / elapsed : 0;
}

/** The name of a pod's component, e.g. `airflow scheduler`. */
export function componentOf(labels: Record<string, unknown>): string {
  const app = String(labels["app.kubernetes.io/name"]);
  const component = textAt(labels, "component");
  return app === "airflow" && component !== undefined ? `airflow ${component}` : app;
}
