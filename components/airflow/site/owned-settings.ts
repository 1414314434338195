/** Why a setting or a variable of Airflow is not the site's to write: the key that sets it, or what depends on it. */
export type Owner = { use: string } | { because: string };

const probes = { because: "the scheduler's probes ask it" };
const metrics = { because: "the dashboards and alerts read these metrics" };
const workerPods = { because: "the chart writes the template of the worker pods there" };

/**
 * Options of airflow.cfg that the platform or its chart sets, as `section.option`.
 *
 * The values and the environment that the platform generates take these names from here; `airflow.config` and
 * `airflow.environment` refuse them.
 */
export const ownedSettings = {
  "api.base_url": { use: "exposure" },
  "api.secret_key": { use: "rotation.sessions" },
  "api_auth.jwt_secret": { use: "rotation.sessions" },
  "celery.broker_url": { use: "airflow.executor" },
  "celery.result_backend": { use: "postgres" },
  "core.auth_manager": { because: "the platform's administrator is a user of this one" },
  "core.dags_folder": { use: "airflow.dags" },
  "core.execution_api_server_url": { because: "tasks reach the API server by this URL" },
  "core.executor": { use: "airflow.executor" },
  "core.fernet_key": { use: "rotation.fernet" },
  "dag_processor.dag_bundle_config_list": { use: "airflow.dags" },
  "dag_processor.refresh_interval": { use: "airflow.dags.refreshSeconds" },
  "database.sql_alchemy_conn": { use: "postgres" },
  "database.sql_alchemy_conn_async": { use: "postgres" },
  "kubernetes_executor.multi_namespace_mode": {
    because: "the scheduler may create pods only in the platform's namespace",
  },
  "kubernetes_executor.namespace": { use: "namespace" },
  "kubernetes_executor.pod_template_file": workerPods,
  "kubernetes_executor.worker_container_repository": { use: "airflow.image" },
  "kubernetes_executor.worker_container_tag": { use: "airflow.image" },
  "logging.base_log_folder": { use: "airflow.logs" },
  "logging.delete_local_logs": { use: "airflow.logs" },
  "logging.remote_base_log_folder": { use: "airflow.logs" },
  "logging.remote_log_conn_id": { use: "airflow.logs" },
  "logging.remote_logging": { use: "airflow.logs" },
  "metrics.legacy_names_on": metrics,
  "metrics.statsd_host": metrics,
  "metrics.statsd_influxdb_enabled": metrics,
  "metrics.statsd_on": metrics,
  "metrics.statsd_port": metrics,
  "metrics.statsd_prefix": metrics,
  "scheduler.enable_health_check": probes,
  "scheduler.scheduler_health_check_server_host": probes,
  "scheduler.scheduler_health_check_server_port": probes,
  "scheduler.standalone_dag_processor": { because: "the DAG processor runs in a pod of its own" },
} as const satisfies Record<string, Owner>;

export type OwnedSetting = keyof typeof ownedSettings;

const store = { because: "Airflow writes the task logs with it; use a connection for another store" };
const entrypoint = { because: "the image's start depends on it" };

/** Other variables that the platform or its chart gives to Airflow's containers. */
const ownedVariables = {
  ADMIN_EMAIL: { use: "airflow.adminEmail" },
  ADMIN_PASSWORD: { use: "rotation.admin" },
  ADMIN_PASSWORD_GENERATION: { use: "rotation.admin" },
  AIRFLOW_CONN_AIRFLOW_DB: { use: "postgres" },
  AIRFLOW_CONN_GIT_DAGS: { use: "airflow.dags" },
  AIRFLOW_HOME: entrypoint,
  AIRFLOW__LOG_CLEANUP_FREQUENCY_MINUTES: { use: "airflow.logs" },
  AIRFLOW__LOG_RETENTION_DAYS: { use: "airflow.logs" },
  AIRFLOW__LOG_RETENTION_MINUTES: { use: "airflow.logs" },
  AWS_ACCESS_KEY_ID: store,
  AWS_ENDPOINT_URL_S3: store,
  AWS_REGION: store,
  AWS_SECRET_ACCESS_KEY: store,
  CONNECTION_CHECK_MAX_COUNT: entrypoint,
  DUMB_INIT_SETSID: entrypoint,
  FORWARDED_ALLOW_IPS: { use: "exposure" },
  PGSSLROOTCERT: { use: "postgres" },
} as const satisfies Record<string, Owner>;

type Section = OwnedSetting extends infer Setting ? (Setting extends `${infer Name}.${string}` ? Name : never) : never;
type OptionOf<Name extends string> = OwnedSetting extends infer Setting
  ? Setting extends `${Name}.${infer Option}`
    ? Option
    : never
  : never;

/** Options that the platform sets, by section. */
export type OwnedConfig = { [Name in Section]?: Partial<Record<OptionOf<Name>, string>> };

/** The variable that overrides an option of airflow.cfg. */
export function variableOf(setting: OwnedSetting): string {
  const [section = "", option = ""] = setting.split(".");
  return `AIRFLOW__${section}__${option}`.toUpperCase();
}

/** Who owns an option of airflow.cfg; its variants that read it from a command or a secrets backend are the same option. */
export function ownerOfSetting(section: string, option: string): Owner | undefined {
  const name = option.toLowerCase().replace(/_(?:cmd|secret)$/, "");
  const settings: Record<string, Owner | undefined> = ownedSettings;
  return settings[`${section}.${option.toLowerCase()}`] ?? settings[`${section}.${name}`];
}

/** Who owns a variable of Airflow's containers. */
export function ownerOfVariable(variable: string): Owner | undefined {
  const [, section, option] = /^AIRFLOW__(.+?)__(.+)$/.exec(variable) ?? [];
  if (section !== undefined && option !== undefined) return ownerOfSetting(section.toLowerCase(), option);
  const variables: Record<string, Owner | undefined> = ownedVariables;
  return variables[variable];
}
