import type { Config } from "../../config.ts";
import type { ChartValues, ComponentValues, EnvVar } from "./chart-values.ts";
import type { DagSourceValues } from "./dag-source.ts";
import { withoutConnectionCheck } from "./environment.ts";
import { claims, secrets, serviceAccounts } from "./names.ts";
import { after } from "./ordering.ts";
import { disruptionBudget, fetcher, livenessProbe, spreadOver, waitForMigrations } from "./processes.ts";
import type { ComponentResources } from "./resources.ts";
import { foreignContexts, serviceAccount } from "./security.ts";

export type Executor = Config["airflow"]["executor"];

/**
 * Tasks that run at the same time in one Celery worker, or in the scheduler with LocalExecutor.
 *
 * Most of them wait for a pod of their own, and take 200 MiB meanwhile. Airflow's own default for LocalExecutor, 32, lets
 * the kernel kill tasks for want of memory.
 */
const tasksPerProcess = 4;

export function usesCelery(executor: Executor): boolean {
  return executor.includes("CeleryExecutor");
}

/** Whether a task may get a pod of its own from the executor. */
export function usesWorkerPods(executor: Executor): boolean {
  return executor.includes("KubernetesExecutor");
}

interface ExecutorOptions {
  namespace: string;
  executor: Executor;
  celeryWorkers: number;
  highAvailability: boolean;
  resources: ComponentResources;
  /** Secrets of Airflow's own processes. */
  environment: EnvVar[];
  /** What restarts the workers for other secrets of the site. */
  sitePodAnnotations: Pick<ComponentValues, "podAnnotations">;
  dagSource: DagSourceValues;
  podAnnotations: Record<string, string>;
}

interface ExecutorValues extends Pick<ChartValues, "executor" | "workers" | "redis" | "data"> {
  config: { celery: Record<string, string>; core: Record<string, string> };
}

/** Values of the executor: its workers and, for Celery, its broker. */
export function executorValues(options: ExecutorOptions): ExecutorValues {
  const { executor, podAnnotations } = options;
  return {
    executor,
    workers: { celery: celeryWorkers(options), kubernetes: kubernetesWorkers(options) },
    redis: {
      enabled: usesCelery(executor),
      podAnnotations,
      // Redis that cannot save its last state does not end by itself; the chart would wait ten minutes for it.
      terminationGracePeriodSeconds: 60,
      passwordSecretName: secrets.redis,
      persistence: { enabled: true, existingClaim: claims.redis },
      serviceAccount: serviceAccount(serviceAccounts.redis),
      resources: options.resources.redis,
      securityContexts: foreignContexts(redisUser),
    },
    // Without a name the chart makes a Secret with a new password at each render, whatever the executor.
    data: {
      metadataSecretName: secrets.metadata,
      brokerUrlSecretName: secrets.broker,
      resultBackendSecretName: secrets.resultBackend,
    },
    config: {
      celery: { worker_concurrency: String(tasksPerProcess) },
      core: executor === "LocalExecutor" ? { parallelism: String(tasksPerProcess) } : {},
    },
  };
}

/** User of the Redis image. */
const redisUser = 999;

function celeryWorkers({
  namespace,
  executor,
  celeryWorkers: replicas,
  highAvailability,
  resources,
  environment,
  sitePodAnnotations,
  dagSource,
}: ExecutorOptions): ChartValues["workers"]["celery"] {
  const isReplicated = highAvailability && replicas > 1 && usesCelery(executor);
  return {
    annotations: after(namespace, "migration", "redis"),
    ...sitePodAnnotations,
    replicas,
    serviceAccount: serviceAccount(serviceAccounts.worker),
    resources: resources.celeryWorker,
    env: environment,
    waitForMigrations,
    podDisruptionBudget: disruptionBudget(isReplicated),
    topologySpreadConstraints: isReplicated ? spreadOver("worker") : [],
    // A worker that lost its broker for a moment may not come back to it: only this restarts it.
    livenessProbe: { enabled: true, ...livenessProbe, periodSeconds: 120, failureThreshold: 3 },
    persistence: { enabled: false },
    ...fetcher(dagSource),
  };
}

/** A pod a task; it reaches the API server with a token of its own and knows no other secret. */
function kubernetesWorkers({ dagSource, resources }: ExecutorOptions): ChartValues["workers"]["kubernetes"] {
  return {
    serviceAccount: serviceAccount(serviceAccounts.worker),
    resources: resources.kubernetesWorker,
    env: [withoutConnectionCheck],
    ...fetcher(dagSource),
  };
}
