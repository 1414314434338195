import type { Config } from "../../config.ts";
import { textAt } from "../../lib/json.ts";
import { parseQuantity } from "../../lib/quantity.ts";
import { type PodRequests, requesting } from "../../lib/kubernetes/pod-requests.ts";
import type { Resources } from "./chart-values.ts";

function resources(cpu: string, memory: string, cpuLimit: string, memoryLimit: string): Resources {
  return { requests: { cpu, memory }, limits: { cpu: cpuLimit, memory: memoryLimit } };
}

/**
 * CPU and memory of each container.
 *
 * Requests are what the idle part was measured to hold (working sets: scheduler 502 MiB, triggerer 484 MiB, DAG processor
 * 424 MiB, API server 387 MiB); limits leave room for many DAGs and for the seconds in which everything starts.
 */
export const componentResources = {
  scheduler: resources("150m", "576Mi", "2", "1536Mi"),
  dagProcessor: resources("150m", "512Mi", "2", "1536Mi"),
  apiServer: resources("100m", "512Mi", "2", "1536Mi"),
  triggerer: resources("100m", "512Mi", "1", "1Gi"),
  /** With tasks inside; requests cover one running task. */
  localScheduler: resources("200m", "1Gi", "2", "3Gi"),
  /** Requests cover one running task. */
  celeryWorker: resources("200m", "1Gi", "2", "3Gi"),
  /** One task each: a supervisor, and the task that waits for its own pod. */
  kubernetesWorker: resources("100m", "384Mi", "1", "1Gi"),
  job: resources("100m", "384Mi", "2", "1Gi"),
  gitSync: resources("10m", "32Mi", "200m", "256Mi"),
  logGroomer: resources("5m", "16Mi", "100m", "64Mi"),
  redis: resources("20m", "32Mi", "500m", "256Mi"),
  statsd: resources("10m", "32Mi", "200m", "128Mi"),
} as const satisfies Record<string, Resources>;

export type ComponentResources = Record<keyof typeof componentResources, Resources>;

type SiteResources = NonNullable<Config["airflow"]["resources"]["scheduler"]>;

/** Containers beside another one, whose requests make up what a pod must request. */
const sidecars = ["gitSync", "logGroomer"];

/** CPU and memory of each container, where a site sets some of them, and its cluster asks for more. */
export function resourcesFor(site: Config["airflow"]["resources"], requests?: PodRequests): ComponentResources {
  const all = siteResources(site);
  if (requests === undefined) return all;
  const raised = Object.entries(all)
    .filter(([name]) => !sidecars.includes(name))
    .map(([name, own]) => [name, raisedTo(own, requests)] as const);
  return { ...all, ...Object.fromEntries(raised) };
}

function raisedTo(own: Resources, rule: PodRequests): Resources {
  const { requests, limits } = requesting(own, rule);
  const amounts = (kind: unknown, before: Resources["requests"]) => ({
    cpu: textAt(kind, "cpu") ?? before.cpu,
    memory: textAt(kind, "memory") ?? before.memory,
  });
  return { requests: amounts(requests, own.requests), limits: amounts(limits, own.limits) };
}

function siteResources({ worker, scheduler, ...others }: Config["airflow"]["resources"]): ComponentResources {
  const site = { ...others, scheduler, localScheduler: scheduler, celeryWorker: worker, kubernetesWorker: worker };
  const laid = Object.entries(site).map(([name, own]) => {
    const defaults = componentResources[name as keyof typeof site];
    return [name, own === undefined ? defaults : laidOver(defaults, own)] as const;
  });
  return { ...componentResources, ...Object.fromEntries(laid) };
}

/** A request that is above the default limit raises it, and a limit below the default request lowers that. */
function laidOver({ requests, limits }: Resources, own: SiteResources): Resources {
  const amount = (of: "cpu" | "memory") => ({
    request: own.requests[of] ?? extreme(Math.min, requests[of], own.limits[of]),
    limit: own.limits[of] ?? extreme(Math.max, limits[of], own.requests[of]),
  });
  const [cpu, memory] = [amount("cpu"), amount("memory")];
  return resources(cpu.request, memory.request, cpu.limit, memory.limit);
}

/** The smaller or the larger of two quantities. */
function extreme(choose: (a: number, b: number) => number, quantity: string, other: string = quantity): string {
  const [a = 0, b = 0] = [parseQuantity(quantity), parseQuantity(other)];
  return choose(a, b) === a ? quantity : other;
}
