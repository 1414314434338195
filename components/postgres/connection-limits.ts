import type { Config } from "../../config.ts";
import { usesCelery } from "../airflow/executor.ts";

/** Connections of the exporter: one for each scrape that runs. */
export const exporterConnections = 5;

/** Connections of a backup that has no administrator: of its program and of pg_dump, by the client's own login. */
export const backupConnections = 2;

/** Connections that MLflow's server may hold, and its accounts': a pool of 5 each, twice while a new pod takes over. */
export const mlflowConnections = { server: 20, accounts: 10 };

/** Connections of Grafana: at most so many in each of its two pools, of its store and of its dashboards' storage. */
export const grafanaConnections = { pool: 10, limit: 25 };

/**
 * Connections that Airflow may hold: a pool of 15 for each of four processes, and one for each task of a Celery worker,
 * which stores its result. Second replicas share the work, and hold fewer.
 */
export function airflowConnections({ executor, highAvailability, celeryWorkers }: Config["airflow"]): number {
  return 60 + (highAvailability ? 20 : 0) + (usesCelery(executor) ? 5 * celeryWorkers : 0);
}

/** Connections of a project: one for each pod that its quota lets run at once, and some for pods that hold more. */
export function projectConnections({ quota }: Pick<Config["projects"][number], "quota">): number {
  return quota.pods + 10;
}
