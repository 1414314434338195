import { readFileSync } from "node:fs";

/** Names of metrics that exporters really have, with the exporters' versions; see the file. */
export const knownMetrics = new Set(
  readFileSync(new URL("dashboards/metrics.txt", import.meta.url), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#")),
);
