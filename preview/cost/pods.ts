import type { BilledItem } from "../../components/cluster/billed.ts";
import { at, isObject, listAt } from "../../lib/json.ts";
import { demandOf, podSpecOf, sum } from "../../lib/kubernetes/demand.ts";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";
import { parseQuantity } from "../../lib/quantity.ts";

/** GiB of its node's disk that a container is billed for if it requests none. */
const freeDiskGiB = 1;

/** All pods that run while a stack is idle, as one item. */
export function billedPods(objects: readonly KubernetesObject[]): BilledItem {
  const running = objects.filter((object) => demandOf(object).pods > 0);
  const { cpuRequest, memoryRequest } = sum(running.map(demandOf));
  const disk = running.reduce((total, object) => total + diskGiB(object) * demandOf(object).pods, 0);
  const properties = {
    cores: rounded(cpuRequest),
    "memory GiB": rounded(memoryRequest / 2 ** 30),
    "disk GiB": rounded(disk),
  };
  return { kind: "pods", name: "that run while idle", properties };
}

/** Of one pod. */
function diskGiB(object: KubernetesObject): number {
  return listAt(podSpecOf(object), "containers").reduce<number>((total, container) => {
    const requests = at(container, "resources.requests");
    const own = isObject(requests) ? requests["ephemeral-storage"] : undefined;
    return total + (parseQuantity(own) ?? freeDiskGiB * 2 ** 30) / 2 ** 30;
  }, 0);
}

function rounded(amount: number): number {
  return Math.round(amount * 100) / 100;
}
