import assert from "node:assert/strict";
import { isObject } from "../../lib/json.ts";
import type { Session } from "./session.ts";

/** The jobs of Prometheus of which every target is up. */
export async function targetsUp(session: Session): Promise<string[]> {
  const query = [
    "promtool",
    "query",
    "instant",
    "--format=json",
    "--http.config.file=/etc/prometheus/config/probe.yml",
  ];
  const samples: unknown = JSON.parse(
    await session.exec("prometheus-0", ...query, "http://localhost:9090", "min by (job) (up)"),
  );
  assert.ok(Array.isArray(samples));
  return samples.filter(isObject).flatMap(({ metric, value }) => {
    const isUp = Array.isArray(value) && value[1] === "1";
    return isObject(metric) && isUp ? [String(metric.job)] : [];
  });
}
