import type { EnvVar } from "./chart-values.ts";
import { postgresCaFile, secrets } from "./names.ts";

/**
 * Which of the chart's own variables with secrets every container gets, worker pods included.
 *
 * Only what the chart itself keeps from worker pods stays on: a task reaches connections and variables through the API
 * server, so that its pod needs neither the database nor the keys. `processEnvironment` gives them to the others.
 */
export const builtInSecretVariables = {
  AIRFLOW__API_AUTH__JWT_SECRET: true,
  AIRFLOW__CORE__FERNET_KEY: false,
  AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: false,
  AIRFLOW_CONN_AIRFLOW_DB: false,
  AIRFLOW__API__SECRET_KEY: false,
  AIRFLOW__CELERY__RESULT_BACKEND: false,
  AIRFLOW__CELERY__BROKER_URL: false,
} as const;

/** Secrets of Airflow's own processes: database, keys and, with Celery, its broker. */
export function processEnvironment(usesCelery: boolean): EnvVar[] {
  return [
    fromSecret("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", secrets.metadata, "connection"),
    fromSecret("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC", secrets.metadata, "connection-async"),
    // asyncpg takes the authority from here alone.
    { name: "PGSSLROOTCERT", value: postgresCaFile },
    fromSecret("AIRFLOW__CORE__FERNET_KEY", secrets.keys, "fernet-key"),
    fromSecret("AIRFLOW__API__SECRET_KEY", secrets.keys, "api-secret-key"),
    ...(usesCelery
      ? [
          fromSecret("AIRFLOW__CELERY__RESULT_BACKEND", secrets.resultBackend, "connection"),
          fromSecret("AIRFLOW__CELERY__BROKER_URL", secrets.broker, "connection"),
        ]
      : []),
  ];
}

/**
 * Leaves out the image's own check of the database, which takes seconds and which a worker pod could not pass.
 *
 * Source: https://airflow.apache.org/docs/docker-stack/entrypoint.html#waits-for-airflow-db-connection
 */
export const withoutConnectionCheck: EnvVar = { name: "CONNECTION_CHECK_MAX_COUNT", value: "0" };

export function fromSecret(name: string, secret: string, key: string): EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}
