import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { alertQueries, prometheusClient, panelQueries } from "../../scripts/platform/prometheus-queries.ts";
import { metricsOf } from "../../lib/promql.ts";

export interface Series {
  metric: Record<string, string>;
  /** Seconds since 1970 and the value, the oldest first. */
  values: [number, string][];
}

/** Samples as old as this are recorded: a rate takes two. */
const window = "2m";

/**
 * Writes what a live Prometheus has of all that dashboards and alerts name, and the names of all else that it has.
 *
 * The file is OpenMetrics as `promtool tsdb create-blocks-from openmetrics` reads it: real samples with their own times.
 *
 * @param url such as `http://127.0.0.1:9090`
 * @param stack part of the file's name
 * @returns the path of the file
 */
export async function recordScrape(url: string, headers: Record<string, string>, stack: string): Promise<string> {
  const get = prometheusClient(url, headers);
  const names = (await get("label/__name__/values", {})) as string[];
  const asked = new Set([...panelQueries(), ...alertQueries()].flatMap(({ expr }) => metricsOf(expr)));
  const time = String(Math.floor(Date.now() / 1000));
  const series: Series[] = [];
  for (const name of names.filter((known) => asked.has(known))) {
    const { result } = (await get("query", { query: `${name}[${window}]`, time })) as { result: Series[] };
    series.push(...result);
  }
  const path = join(import.meta.dirname, "../monitoring/dashboards", `scrape-${stack}.txt`);
  writeFileSync(path, openMetrics(names, series));
  return path;
}

/**
 * OpenMetrics of the first and the last sample of each series.
 *
 * @param names of all metrics; those without series stand there by name alone
 */
export function openMetrics(names: string[], series: Series[]): string {
  const lines = names.flatMap((name) => {
    const own = series.filter(({ metric }) => metric.__name__ === name);
    return [`# TYPE ${name} unknown`, ...own.flatMap(sampleLines)];
  });
  return `${[...lines, "# EOF"].join("\n")}\n`;
}

function sampleLines({ metric: { __name__: name = "", ...labels }, values }: Series): string[] {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  const ends = values.length > 1 ? [values[0], values.at(-1)] : values;
  return ends.flatMap((sample) =>
    sample === undefined ? [] : [`${name}{${pairs.join(",")}} ${sample[1]} ${sample[0].toFixed(3)}`],
  );
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
