import type { KubernetesObject } from "./objects.ts";
import { parseQuantity } from "../quantity.ts";
import { at, isObject, listAt } from "../json.ts";

/** What something asks of a cluster. */
export interface Demand {
  pods: number;
  /** Cores. */
  cpuRequest: number;
  cpuLimit: number;
  /** Bytes. */
  memoryRequest: number;
  memoryLimit: number;
  storage: number;
}

const nothing: Demand = {
  pods: 0,
  cpuRequest: 0,
  cpuLimit: 0,
  memoryRequest: 0,
  memoryLimit: 0,
  storage: 0,
};

const keys = ["pods", "cpuRequest", "cpuLimit", "memoryRequest", "memoryLimit", "storage"] as const;

export function sum(demands: readonly Demand[]): Demand {
  return demands.reduce((total, demand) => combine(total, demand, (a, b) => a + b), nothing);
}

function times(demand: Demand, count: number): Demand {
  return combine(demand, demand, (value) => value * count);
}

function combine(a: Demand, b: Demand, operation: (a: number, b: number) => number): Demand {
  const [pods = 0, cpuRequest = 0, cpuLimit = 0, memoryRequest = 0, memoryLimit = 0, storage = 0] = keys.map((key) =>
    operation(a[key], b[key]),
  );
  return { pods, cpuRequest, cpuLimit, memoryRequest, memoryLimit, storage };
}

/** The requests of an object as long as it exists, without the pods of Jobs. */
export function demandOf(object: KubernetesObject): Demand {
  const replicas = Number(at(object, "spec.replicas") ?? 1);
  switch (object.kind) {
    case "Deployment":
    case "ReplicaSet":
    case "DaemonSet":
      return times(podDemand(object), replicas);
    case "StatefulSet": {
      const claims = listAt(object, "spec.volumeClaimTemplates").map(claimDemand);
      return times(sum([podDemand(object), ...claims]), replicas);
    }
    case "Pod":
      return podDemand(object);
    case "PersistentVolumeClaim":
      return claimDemand(object);
    default:
      return nothing;
  }
}

/** The requests of the pod of a Job or a CronJob while it runs. */
export function jobDemandOf(object: KubernetesObject): Demand {
  return object.kind === "Job" || object.kind === "CronJob" ? podDemand(object) : nothing;
}

/** The pod spec inside an object; undefined if it creates no pods. */
export function podSpecOf(object: KubernetesObject): Record<string, unknown> | undefined {
  const paths: Record<string, string> = { Pod: "spec", CronJob: "spec.jobTemplate.spec.template.spec" };
  const found = at(object, paths[object.kind] ?? "spec.template.spec");
  return isObject(found) ? found : undefined;
}

/** A pod asks for its containers and sidecars together, or for its largest init container if that is more. */
function podDemand(object: KubernetesObject): Demand {
  const pod = podSpecOf(object);
  const init = listAt(pod, "initContainers");
  const sidecars = init.filter((container) => at(container, "restartPolicy") === "Always");
  const steps = init.filter((container) => at(container, "restartPolicy") !== "Always");
  const running = sum([...listAt(pod, "containers"), ...sidecars].map(containerDemand));
  return { ...steps.map(containerDemand).reduce((most, step) => combine(most, step, Math.max), running), pods: 1 };
}

function containerDemand(container: unknown): Demand {
  const quantity = (path: string) => parseQuantity(at(container, `resources.${path}`)) ?? 0;
  return {
    ...nothing,
    cpuRequest: quantity("requests.cpu"),
    cpuLimit: quantity("limits.cpu"),
    memoryRequest: quantity("requests.memory"),
    memoryLimit: quantity("limits.memory"),
  };
}

function claimDemand(claim: unknown): Demand {
  return { ...nothing, storage: parseQuantity(at(claim, "spec.resources.requests.storage")) ?? 0 };
}
