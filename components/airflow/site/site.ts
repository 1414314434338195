import type { Config, Secrets } from "../../../config.ts";
import { secretVariable } from "../../objects/secret-variable.ts";
import type { ChartValues, ComponentValues, EnvVar } from "../chart-values.ts";
import { secrets } from "../names.ts";
import { variableVariables } from "./variables.ts";

/** What a site gives to Airflow, as plain data: of its secrets only the names. */
export interface SiteSettings extends Pick<
  Config["airflow"],
  "config" | "environment" | "variables" | "pools" | "replicas" | "resources"
> {
  /** Names of the variables in the Secrets. */
  secretNames: Record<"environment" | "connections", string[]>;
  /** Changes with the content of the Secrets. @default - there are none */
  fingerprint?: string;
}

/** A site's settings from its configuration. */
export function siteSettings(config: Config["airflow"], { airflow }: Secrets): SiteSettings {
  const { fingerprint } = airflow;
  return {
    ...config,
    secretNames: {
      environment: Object.keys(airflow.environment),
      connections: Object.keys(airflow.connections),
    },
    ...(fingerprint === undefined ? {} : { fingerprint }),
  };
}

interface SiteValues {
  /** Plain variables of every container. */
  env: Pick<ChartValues, "env">;
  /** Secrets whose keys are variables of every container. */
  environmentSecrets: string[];
  /** Variables of Airflow's own processes. */
  processEnvironment: EnvVar[];
  /** Restarts a component for another content of the Secrets; the pod of a task reads them when it starts. */
  podAnnotations: Pick<ComponentValues, "podAnnotations">;
}

/** Chart values of a site's settings; without any, none. */
export function siteValues({ environment, variables, secretNames, fingerprint }: SiteSettings): SiteValues {
  const env = Object.entries(environment).map(([name, value]) => ({ name, value: String(value) }));
  return {
    env: env.length === 0 ? {} : { env },
    environmentSecrets: secretNames.environment.length === 0 ? [] : [secrets.environment],
    processEnvironment: [
      ...Object.entries(variableVariables(variables)).map(([name, value]) => ({ name, value })),
      ...secretNames.connections.map((name) => secretVariable(name, secrets.connections, name)),
    ],
    podAnnotations:
      fingerprint === undefined ? {} : { podAnnotations: { "mlops/site-secrets-fingerprint": fingerprint } },
  };
}
