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
