import { secretVariable } from "../objects/secret-variable.ts";
import type { EnvVar } from "./chart-values.ts";
import { postgresCaFile, secrets } from "./names.ts";
import { variableOf } from "./site/owned-settings.ts";

/**
 * Which of the chart's own variables with secrets every container gets, worker pods included.
 *
 * Only what the chart itself keeps from worker pods stays on: a task reaches connections and variables through the API
 * server, so that its pod needs neither the database nor the keys. `processEnvironment` gives them to the others.
 */
export const builtInSecretVariables = {
  [variableOf("api_auth.jwt_secret")]: true,
  [variableOf("core.fernet_key")]: false,
  [variableOf("database.sql_alchemy_conn")]: false,
  AIRFLOW_CONN_AIRFLOW_DB: false,
  [variableOf("api.secret_key")]: false,
  [variableOf("celery.result_backend")]: false,
  [variableOf("celery.broker_url")]: false,
};

/** Secrets of Airflow's own processes: database, keys and, with Celery, its broker. */
export function processEnvironment(usesCelery: boolean): EnvVar[] {
  return [
    secretVariable(variableOf("database.sql_alchemy_conn"), secrets.metadata, "connection"),
    secretVariable(variableOf("database.sql_alchemy_conn_async"), secrets.metadata, "connection-async"),
    // asyncpg takes the authority from here alone.
    { name: "PGSSLROOTCERT", value: postgresCaFile },
    secretVariable(variableOf("core.fernet_key"), secrets.keys, "fernet-key"),
    secretVariable(variableOf("api.secret_key"), secrets.keys, "api-secret-key"),
    ...(usesCelery
      ? [
          secretVariable(variableOf("celery.result_backend"), secrets.resultBackend, "connection"),
          secretVariable(variableOf("celery.broker_url"), secrets.broker, "connection"),
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
