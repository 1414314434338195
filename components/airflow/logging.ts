import type { Config } from "../../config.ts";
import type { ChartValues } from "./chart-values.ts";
import type { OwnedConfig } from "./site/owned-settings.ts";
import { claims, configMaps, secrets } from "./names.ts";

/** Where task logs are kept, and whether the object store wants credentials in the environment. */
export type LogStore = { kind: "volume" } | { kind: "objectStorage"; hasSecrets: boolean };

interface LoggingValues {
  logs: ChartValues["logs"];
  config: NonNullable<OwnedConfig["logging"]>;
  environmentConfigMaps: string[];
  environmentSecrets: string[];
}

/**
 * Chart values of a log store.
 *
 * The address of an object store is known only when it exists, and values must not wait for it: it reaches the pods as
 * the environment variable that overrides airflow.cfg. No connection is named, so that the SDKs find their identity by
 * themselves: environment, service account or metadata server.
 */
export function loggingValues(store: LogStore): LoggingValues {
  if (store.kind === "volume") {
    return {
      logs: { persistence: { enabled: true, existingClaim: claims.logs } },
      config: {},
      environmentConfigMaps: [],
      environmentSecrets: [],
    };
  }
  return {
    logs: { persistence: { enabled: false } },
    config: { remote_logging: "True", delete_local_logs: "True" },
    environmentConfigMaps: [configMaps.logStorage],
    environmentSecrets: store.hasSecrets ? [secrets.logStorage] : [],
  };
}

/** Days that logs stay on a volume; local copies of logs in an object store stay for one day. */
export function localLogRetentionDays(logs: Config["airflow"]["logs"]["kind"]): number {
  return logs === "volume" ? 30 : 1;
}
