/** Fields of a connection as the configuration has them. */
export interface ConnectionFields {
  type: string;
  [field: string]: unknown;
}

/**
 * The variables by which Airflow's environment backend reads connections.
 *
 * Source: https://airflow.apache.org/docs/apache-airflow/stable/howto/connection.html#storing-connections-in-environment-variables
 */
export function connectionVariables(
  connections: Readonly<Record<string, string | ConnectionFields>>,
): Record<string, string> {
  return renamed(connections, connectionVariable, connectionText);
}

/** The variables by which Airflow's environment backend reads its variables. */
export function variableVariables(variables: Readonly<Record<string, unknown>>): Record<string, string> {
  return renamed(variables, variableVariable, (value) => (typeof value === "string" ? value : JSON.stringify(value)));
}

/** The variable of a connection; Airflow asks in capital letters, whatever the id's are. */
export function connectionVariable(id: string): string {
  return `AIRFLOW_CONN_${id.toUpperCase()}`;
}

/** The variable of an Airflow variable. */
export function variableVariable(key: string): string {
  return `AIRFLOW_VAR_${key.toUpperCase()}`;
}

function connectionText(connection: string | ConnectionFields): string {
  if (typeof connection === "string") return connection;
  const { type, ...fields } = connection;
  return JSON.stringify({ conn_type: type, ...fields });
}

function renamed<Value>(
  record: Readonly<Record<string, Value>>,
  name: (key: string) => string,
  text: (value: Value) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [name(key), text(value)]));
}
