import { exporterClient } from "../../../config/postgres/clients.ts";
import { documentIn, isObject, listAt, textAt } from "../../../lib/json.ts";
import { kubectl } from "../../../lib/kubernetes/kubectl.ts";
import type { Happened } from "../../platform/quiet-metrics.ts";
import type { Platform } from "../platform.ts";

/** What the Job `databases` was told: a DBA may give no login for statistics, and other names of databases. */
export function readDatabases({ target }: Platform): Happened {
  const spec = ["--output", "jsonpath={.data.spec\\.json}"];
  return databaseEvents(documentIn(kubectl(target, ["get", "configmap", "databases-spec", ...spec])));
}

export function databaseEvents(spec: unknown): Happened {
  if (!isObject(spec) || !("logins" in spec)) return { postgresStatistics: true, mlflowDatabase: true };
  const databaseOf = (client: string) => {
    const login = listAt(spec, "logins").find((each) => textAt(each, "client") === client);
    return textAt(login, "database");
  };
  return {
    postgresStatistics: databaseOf(exporterClient) !== undefined,
    mlflowDatabase: databaseOf("mlflow")?.endsWith("mlflow") === true,
  };
}
