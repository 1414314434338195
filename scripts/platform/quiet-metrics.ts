// Metrics that have no samples before something has happened, and what that is.

interface Event {
  /** Why a query is empty if an event has not happened. */
  reason: string;
  /** Texts of the metrics, or of their selectors, that come with it. */
  texts: string[];
}

/** What has to happen before a metric has samples. */
export const events = {
  scheduledRun: {
    reason: "no scheduled DAG run has started (make first-run switches the pipeline on)",
    texts: ["airflow_dagrun_schedule_delay"],
  },
  finishedRun: { reason: "no DAG run has succeeded", texts: ["airflow_dagrun_duration_success"] },
  failedRun: { reason: "no DAG run has failed", texts: ["airflow_dagrun_duration_failed_count"] },
  finishedTask: {
    reason: "no task has ended",
    texts: ["airflow_ti_finish", "airflow_task_duration", "airflow_task_scheduled_duration"],
  },
  failedTask: { reason: "no attempt of a task has failed", texts: ["airflow_ti_failures"] },
  starvingTask: { reason: "no task has waited for a slot of its pool", texts: ["airflow_pool_starving_tasks"] },
  backup: {
    reason: "no backup has been made yet (`make backup` makes one)",
    texts: ["kube_cronjob_status_last_successful_time"],
  },
  failedBackup: { reason: "no backup has failed", texts: ['kube_job_failed{condition="true"}'] },
  killedForMemory: {
    reason: "no container was killed for exceeding its memory limit",
    texts: ['kube_pod_container_status_last_terminated_reason{namespace=~".*", reason="OOMKilled"}'],
  },
  countedVolume: {
    reason: "no volume driver is known to report usage (hostPath does not)",
    texts: ["kubelet_volume_stats_available_bytes"],
  },
  champion: { reason: "no registered model has a champion", texts: ["mlflow_model_version"] },
  measuredChampion: { reason: "no champion's run has an error metric", texts: ["mlflow_model_metric"] },
  mlflowRequest: { reason: "MLflow has received no request since it started", texts: ["mlflow_http_request"] },
  mlflowError: {
    reason: "MLflow has answered no request with a server error",
    texts: ['mlflow_http_request_total{status=~"5.."}'],
  },
  postgresStatistics: {
    reason: "the DBA gave no login that reads Postgres's statistics (postgres.databases.exporter)",
    texts: ["pg_"],
  },
  mlflowDatabase: {
    reason: "the DBA's name of MLflow's database does not end in mlflow",
    texts: ['pg_database_size_bytes{datname=~".*mlflow"}'],
  },
  minio: { reason: "the stack has no MinIO", texts: ["minio_"] },
  firingAlert: { reason: "no alert fires", texts: ['ALERTS{alertstate="firing"}'] },
} satisfies Record<string, Event>;

export type EventName = keyof typeof events;

/** Whether each has happened; unknown events are left out. */
export type Happened = Partial<Record<EventName, boolean>>;

/**
 * Why a query may have no data on a platform that is well; undefined: it must have some.
 *
 * @param happened what has happened since the metrics are counted
 */
export function reasonToBeEmpty({ expr }: { expr: string }, happened: Happened): string | undefined {
  const needed = Object.entries(events as Record<string, Event>).filter(([, { texts }]) =>
    texts.some((text) => expr.includes(text)),
  );
  return needed.find(([name]) => happened[name as EventName] !== true)?.[1].reason;
}
