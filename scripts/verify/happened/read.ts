import { prometheusClient } from "../../platform/prometheus-queries.ts";
import type { Happened } from "../../platform/quiet-metrics.ts";
import type { AirflowSession } from "../airflow-session.ts";
import { type Platform, runs } from "../platform.ts";
import { readAirflow } from "./airflow.ts";
import { readCluster } from "./cluster.ts";
import { readDatabases } from "./databases.ts";
import { readMlflow } from "./mlflow.ts";

/**
 * What has happened on a platform, as those know it who did it: a metric may be missing only where it has not.
 *
 * @param hasAirflow whether Airflow's metrics are among the platform's
 */
export async function readHappened(
  { platform, session }: { platform: Platform; session: AirflowSession },
  hasAirflow: boolean,
  url: string,
  headers: Record<string, string>,
): Promise<Happened> {
  const get = prometheusClient(url, headers);
  const since = hasAirflow ? await countedSince(get, "airflow") : undefined;
  const { alerts } = (await get("alerts", {})) as { alerts: { state: string }[] };
  return {
    ...readCluster(platform),
    ...readDatabases(platform),
    ...(await readMlflow(platform)),
    ...(since === undefined ? {} : await readAirflow(session, since)),
    minio: runs(platform, "minio"),
    firingAlert: alerts.some(({ state }) => state === "firing"),
  };
}

/** When the process behind a job started to count; undefined where Prometheus has not asked it yet. */
async function countedSince(get: ReturnType<typeof prometheusClient>, job: string): Promise<Date | undefined> {
  const query = `max(process_start_time_seconds{job="${job}"})`;
  const { result } = (await get("query", { query })) as { result: { value: [number, string] }[] };
  const seconds = Number(result[0]?.value[1]);
  return Number.isNaN(seconds) ? undefined : new Date(seconds * 1000);
}
