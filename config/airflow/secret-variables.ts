import { connectionVariables, variableVariables } from "../../components/airflow/site/variables.ts";
import { fingerprint } from "../../lib/fingerprint.ts";
import type { AirflowSecretValues } from "./secret-schema.ts";

/** The site's secrets of Airflow as variables, by who gets them. */
export interface SecretVariables<Value> {
  /** Of every container. */
  environment: Record<string, Value>;
  /** Connections and variables, of Airflow's own processes. */
  connections: Record<string, Value>;
}

export function secretVariables({ environment, connections, variables }: AirflowSecretValues): SecretVariables<string> {
  return {
    environment: Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)])),
    connections: { ...connectionVariables(connections), ...variableVariables(variables) },
  };
}

/** Changes with the content and is not secret; undefined where there is none. */
export function fingerprintOf({ environment, connections }: SecretVariables<string>): string | undefined {
  const entries = [environment, connections].map((variables) => Object.entries(variables).toSorted(byName));
  return entries.every((variables) => variables.length === 0) ? undefined : fingerprint(entries, "airflow");
}

function byName([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : 1;
}
