/** Name of the Helm release; the chart prefixes its objects with it. */
export const release = "airflow";

/** Secrets that the chart is given by name; they exist before it. */
export const secrets = {
  /** Keys `fernet-key`, `api-secret-key` and `jwt-secret`. */
  keys: "airflow-keys",
  /** Keys `connection` and `connection-async`. */
  metadata: "airflow-metadata",
  /** Key `password`. */
  admin: "airflow-admin",
  /** Key `connection`. */
  broker: "airflow-broker-url",
  /** Key `connection`. */
  resultBackend: "airflow-result-backend",
  /** Key `password`. */
  redis: "airflow-redis-password",
  /** What git-sync logs in with. */
  gitToken: "airflow-git-token",
  /** Keys `ssh` and `known_hosts`. */
  gitSsh: "airflow-git-ssh",
  /** The connection that GitDagBundle reads. */
  gitConnection: "airflow-git-connection",
  /** Environment that reaches the task logs in the object store. */
  logStorage: "airflow-log-storage",
  /** Variables of every container, from the site. */
  environment: "airflow-environment",
  /** Connections and variables from the site, by the names that Airflow reads from its environment. */
  connections: "airflow-connections",
} as const;

export const configMaps = {
  /** Key `platform.json`. */
  platform: "airflow-platform",
  /** Key `ca.crt`. */
  postgresCa: "airflow-postgres-ca",
  /** Environment that says where task logs are. */
  logStorage: "airflow-log-storage",
} as const;

export const claims = {
  logs: "airflow-logs",
  redis: "airflow-redis",
} as const;

/** A service account a component, so that each gets no more than its own rights. */
export const serviceAccounts = {
  apiServer: "airflow-api-server",
  createUserJob: "airflow-create-user-job",
  dagProcessor: "airflow-dag-processor",
  migrateDatabaseJob: "airflow-migrate-database-job",
  redis: "airflow-redis",
  scheduler: "airflow-scheduler",
  statsd: "airflow-statsd",
  triggerer: "airflow-triggerer",
  worker: "airflow-worker",
} as const;

/** The account under which the code of a task runs: with LocalExecutor, inside the scheduler. */
export function taskAccount(executor: string): string {
  return executor === "LocalExecutor" ? serviceAccounts.scheduler : serviceAccounts.worker;
}

/** Where Airflow lives in its image. */
export const airflowHome = "/opt/airflow";

/** File with the authority that signed the metadata database's certificate. */
export const postgresCaFile = "/etc/postgres-ca/ca.crt";

/** Folder with the SSH key and the known hosts of the DAG repository. */
export const gitSshFolder = "/etc/git-ssh";

/** Connection id of the DAG repository. */
export const gitConnectionId = "git_dags";
