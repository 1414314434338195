import { parseQuantity, formatBytes, formatCores } from "../../../lib/quantity.ts";
import type { Check } from "../check.ts";
import type { Condition, Node, Pod } from "../../../lib/kubernetes/api.ts";
import { nameOf } from "../objects.ts";
import { commandOn, oneLine } from "../pods.ts";

/** The scheduler's words for a volume, which is another check's. */
const aboutVolumes = /volume|PersistentVolumeClaim/i;

export const pendingPod: Check = {
  id: "pending-pod",
  severity: "error",
  looksAt: "pods that fit on no node, and the size of the nodes",
  means: "A pod requests more than any node has left, or a node that does not exist.",
  remedy:
    "Request less (`requests=` of `pod_task`, the project's quota), wait for running pods, or use larger nodes " +
    "(`minikube start --cpus 4 --memory 8g`, `cluster.nodes` in a cloud).",
  threads: ["https://github.com/apache/airflow/issues/28372", "https://github.com/apache/airflow/issues/15218"],
  kinds: ["pods", "nodes"],
  find: ({ of }) =>
    of("pods").flatMap((pod) => {
      const condition = unschedulable(pod);
      if (condition === undefined || aboutVolumes.test(condition.message ?? "")) return [];
      const found = `${sizes(pod, of("nodes"))}; ${oneLine(schedulerWords(condition), 120)}`;
      return [
        { where: nameOf("pods", pod.metadata), found, remedy: `${commandOn(pod, "describe pod")}; request less` },
      ];
    }),
};

/** Why the scheduler finds no node for a pod; undefined where it has one or has not looked. */
export function unschedulable({ status }: Pod): Condition | undefined {
  if (status.phase !== "Pending") return undefined;
  return status.conditions?.find(({ type, reason }) => type === "PodScheduled" && reason === "Unschedulable");
}

/** Without the part on preemption, which says the same once more. */
export function schedulerWords({ message = "" }: Condition): string {
  return message.replace(/\.? (no new claims|preemption).*$/s, "");
}

function sizes({ spec }: Pod, nodes: readonly Node[]): string {
  const total = (resource: string) =>
    spec.containers.reduce((sum, { resources }) => sum + (parseQuantity(resources?.requests?.[resource] ?? 0) ?? 0), 0);
  const largest = (resource: string) =>
    Math.max(...nodes.map(({ status }) => parseQuantity(status.allocatable?.[resource] ?? 0) ?? 0));
  const asks = `requests ${formatCores(total("cpu"))} CPU and ${formatBytes(total("memory"))}`;
  if (nodes.length === 0) return asks;
  return `${asks}, but the largest node has ${formatCores(largest("cpu"))} and ${formatBytes(largest("memory"))} in total`;
}
