import { readFileSync } from "node:fs";

/** Names of metrics that exporters really have, with the exporters' versions; see the file. */
export const knownMetrics = new Set(
  readFileSync(new URL("dashboards/metrics.txt", import.meta.url), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#")),
);

const words =
  "and|avg|bool|by|count|count_values|group_left|group_right|ignoring|max|min|offset|on|or|sum|topk|unless|without";

/** The metrics that a PromQL query names. */
export function metricsOf(query: string): string[] {
  const bare = query
    .replaceAll(/"[^"]*"/g, "")
    .replaceAll(/\{[^}]*\}/g, "")
    .replaceAll(/\[[^\]]*\]/g, "")
    .replaceAll(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, "")
    .replaceAll(/\boffset\s+\w+/g, "");
  const names = bare.matchAll(/[a-zA-Z_:][\w:]*(?!\w)(?!\s*\()/g);
  const keywords = new RegExp(`^(${words})$`);
  return [...new Set([...names].map(([name]) => name).filter((name) => !keywords.test(name)))];
}
