import { scryptSync } from "node:crypto";
import { connectionVariables, variableVariables } from "../../components/airflow/site/variables.ts";
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

/**
 * Tells one content from another without telling what it is: two bytes of a slow hash.
 *
 * It becomes a plain annotation, which has to be known before anything exists. A guess of a secret cannot be confirmed with
 * it, since one in 65,536 guesses fits.
 *
 * @returns undefined where there is nothing to tell
 */
export function fingerprintOf({ environment, connections }: SecretVariables<string>): string | undefined {
  const entries = [environment, connections].map((variables) => Object.entries(variables).toSorted(byName));
  if (entries.every((variables) => variables.length === 0)) return undefined;
  return scryptSync(JSON.stringify(entries), "airflow", 2).toString("hex");
}

function byName([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : 1;
}
