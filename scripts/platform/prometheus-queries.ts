// What dashboards/ and alerts/ ask Prometheus for, and whether a live one has it.
import { parse } from "yaml";
import { dataFiles } from "../../components/objects/data-files.ts";
import { metricsOf, withoutThresholds } from "../../lib/promql.ts";
import { type Happened, reasonToBeEmpty } from "./quiet-metrics.ts";
import { errorText } from "../../lib/errors.ts";

interface Query {
  /** File of the dashboard or of the rules, such as `airflow.json`. */
  file: string;
  /** Title of the panel, or name of the alert. */
  title: string;
  /** As Prometheus gets it: with a value in the place of each variable of Grafana's. */
  expr: string;
}

/** The queries of every panel of every dashboard. */
export function panelQueries(): Query[] {
  return Object.entries(dataFiles("dashboards", ".json")).flatMap(([file, text]) => {
    const { panels } = JSON.parse(text) as { panels: { title: string; targets?: { expr: string }[] }[] };
    return panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => ({ file, title, expr: withoutVariables(expr) })),
    );
  });
}

/** The queries of every alert rule, in the order of their files. */
export function alertQueries(): Query[] {
  return Object.entries(dataFiles("alerts", ".yaml")).flatMap(([file, text]) => {
    const { groups } = parse(text) as { groups: { rules: { alert: string; expr: string }[] }[] };
    return groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => ({ file, title: alert, expr })));
  });
}

/** A query in which Grafana's variables have the values that show everything. */
export function withoutVariables(expr: string): string {
  return expr.replaceAll("$__rate_interval", "2m").replaceAll(/\$\w+/g, ".*");
}

export interface Findings {
  /** Queries that have no data and should; alerts' without their thresholds. */
  empty: Query[];
  /** Metrics that dashboards or alerts name and Prometheus does not have, with the first query that names each. */
  missing: { metric: string; query: Query }[];
  /** Queries that may have no data, with a reason. */
  quiet: { query: Query; reason: string }[];
}

/**
 * Asks a live Prometheus for all that the dashboards show and the alerts watch.
 *
 * @param url such as `http://127.0.0.1:9090`
 * @param headers of every request, such as `authorization`
 * @param happened decides which queries may have no data
 * @param time in seconds since 1970. @default - now
 * @throws in one sentence when Prometheus does not answer or refuses a query
 */
export async function liveQueries(
  url: string,
  headers: Record<string, string>,
  happened: Happened,
  time?: number,
): Promise<Findings> {
  const get = prometheusClient(url, headers);
  const queries = [...panelQueries(), ...alertQueries()];
  const at = time === undefined ? {} : { time: String(time) };
  const without: Query[] = [];
  for (const query of queries) {
    const { result } = (await get("query", { query: withoutThresholds(query.expr), ...at })) as { result: unknown[] };
    if (result.length === 0) without.push(query);
  }
  const names = new Set((await get("label/__name__/values", {})) as string[]);
  return {
    empty: without.filter((query) => reasonToBeEmpty(query, happened) === undefined),
    missing: missingMetrics(queries, names, happened),
    quiet: without.flatMap((query) => {
      const reason = reasonToBeEmpty(query, happened);
      return reason === undefined ? [] : [{ query, reason }];
    }),
  };
}

/** The metrics of these queries that are not among the names and should be; each once. */
export function missingMetrics(queries: Query[], names: Set<string>, happened: Happened): Findings["missing"] {
  const asked = queries
    .filter((query) => reasonToBeEmpty(query, happened) === undefined)
    .flatMap((query) => metricsOf(query.expr).map((metric) => ({ metric, query })));
  const absent = asked.filter(({ metric }) => !names.has(metric));
  return absent.filter(({ metric }, i) => absent.findIndex((other) => other.metric === metric) === i);
}

/** @returns a function that reads from the HTTP API the `data` of one path below /api/v1 */
export function prometheusClient(
  url: string,
  headers: Record<string, string>,
): (path: string, parameters: Record<string, string>) => Promise<unknown> {
  return async (path, parameters) => {
    const target = `${url}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`;
    const response = await fetch(target, { headers }).catch((error: unknown) => {
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      throw new Error(`Prometheus at ${url} does not answer: ${errorText(cause)}`);
    });
    if (response.status === 401) throw new Error(`Prometheus at ${url} rejects the password`);
    const text = await response.text();
    if (!text.startsWith("{"))
      throw new Error(`Prometheus at ${url} answered ${response.status}: ${text.slice(0, 200)}`);
    const { status, data, error } = JSON.parse(text) as { status: string; data?: unknown; error?: string };
    if (status !== "success")
      throw new Error(`Prometheus rejects ${parameters.query ?? path}: ${error ?? "no reason"}`);
    return data;
  };
}
