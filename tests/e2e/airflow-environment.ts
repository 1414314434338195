import { parse } from "yaml";
import { isObject, listAt, textAt } from "../../lib/json.ts";

/** How a value of a Secret or a ConfigMap of the platform is read. */
export type ReadEntry = (kind: "secret" | "configmap", name: string, key?: string) => Record<string, string>;

/**
 * The environment that the chart would give to Airflow's scheduler, from the values that the program hands it.
 *
 * What the chart's own templates add is repeated: the auth manager, the JWT secret and where statsd listens.
 */
export function environmentOf(values: Record<string, unknown>, read: ReadEntry): Record<string, string> {
  return {
    ...configEnvironment(values.config),
    AIRFLOW__CORE__AUTH_MANAGER: "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
    AIRFLOW__CORE__LOAD_EXAMPLES: "False",
    AIRFLOW__METRICS__STATSD_ON: "True",
    AIRFLOW__METRICS__STATSD_HOST: "airflow-statsd",
    AIRFLOW__METRICS__STATSD_PORT: "9125",
    AIRFLOW__METRICS__STATSD_PREFIX: "airflow",
    AIRFLOW__SCHEDULER__STANDALONE_DAG_PROCESSOR: "True",
    AIRFLOW__API_AUTH__JWT_SECRET: keyOf(read("secret", textAt(values, "jwtSecretName") ?? ""), "jwt-secret"),
    ...sources(values, read),
    ...variablesOf(listAt(values, "env"), read),
    ...variablesOf(listAt(values, "secret").map(fromSecret), read),
    ...variablesOf(listAt(values.scheduler, "env"), read),
  };
}

/** airflow.cfg as variables, e.g. `logging.remote_logging` as AIRFLOW__LOGGING__REMOTE_LOGGING. */
function configEnvironment(config: unknown): Record<string, string> {
  const sections = isObject(config) ? Object.entries(config) : [];
  return Object.fromEntries(
    sections.flatMap(([section, options]) =>
      Object.entries(isObject(options) ? options : {}).map(([option, value]) => [
        `AIRFLOW__${section}__${option}`.toUpperCase(),
        String(value),
      ]),
    ),
  );
}

/** Whole ConfigMaps and Secrets. */
function sources({ extraEnvFrom }: Record<string, unknown>, read: ReadEntry): Record<string, string> {
  const list: unknown = typeof extraEnvFrom === "string" ? parse(extraEnvFrom) : [];
  const all = Array.isArray(list) ? list : [];
  return Object.assign(
    {},
    ...all.map((source: unknown) => {
      const configMap = textAt(source, "configMapRef.name");
      return configMap === undefined
        ? read("secret", textAt(source, "secretRef.name") ?? "")
        : read("configmap", configMap);
    }),
  ) as Record<string, string>;
}

/** An entry of the chart's list `secret`, as the container's variable that the chart makes of it. */
function fromSecret(entry: unknown): unknown {
  const secretKeyRef = { name: textAt(entry, "secretName"), key: textAt(entry, "secretKey") };
  return { name: textAt(entry, "envName"), valueFrom: { secretKeyRef } };
}

/** What the list `env` of a container gives to its process. */
export function variablesOf(env: unknown[], read: ReadEntry): Record<string, string> {
  return Object.fromEntries(
    env.map((variable) => {
      const secret = textAt(variable, "valueFrom.secretKeyRef.name");
      const value = secret === undefined ? textAt(variable, "value") : undefined;
      const key = textAt(variable, "valueFrom.secretKeyRef.key") ?? "";
      return [textAt(variable, "name") ?? "", value ?? keyOf(read("secret", secret ?? ""), key)];
    }),
  );
}

function keyOf(entries: Record<string, string>, key: string): string {
  const value = entries[key];
  if (value === undefined) throw new Error(`there is no ${key} among ${Object.keys(entries).join(", ")}`);
  return value;
}
