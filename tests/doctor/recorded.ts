import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Query, Check, Finding, Snapshot } from "../../scripts/doctor/check.ts";
import { snapshotOf } from "../../scripts/doctor/read.ts";

/** When the objects were recorded. */
export const recordedAt = new Date("2026-11-21T14:24:30Z");

/** Objects of a Kubernetes 1.35, cut to the fields that the doctor knows; Secrets were never recorded. */
export function recorded(name: "broken" | "live"): unknown[] {
  const text = readFileSync(join(import.meta.dirname, "recorded", `${name}.json`), "utf8");
  return JSON.parse(text) as unknown[];
}

export function recordedSnapshot(items: unknown[], now = recordedAt): Snapshot {
  return snapshotOf(items, "mlops", now);
}

/** What the cluster answers: logs by `namespace/of/container`, rows by database. */
export interface Answers {
  logs?: Record<string, string>;
  rows?: Record<string, unknown>;
}

export function asking({ logs = {}, rows = {} }: Answers = {}): Query {
  return {
    logs: ({ namespace, of, container }) => Promise.resolve(logs[[namespace, of, container].filter(Boolean).join("/")]),
    sql: (database) => Promise.resolve(rows[database]),
  };
}

/** Where and what a check finds. */
export async function found(check: Check, items: unknown[], answers: Answers = {}): Promise<[string, string][]> {
  const findings: Finding[] = await check.find(recordedSnapshot(items), asking(answers));
  return findings.map(({ where, found: what }) => [where, what]);
}

/** An object of the platform's namespace. */
export function object(kind: string, name: string, content: object = {}, metadata: object = {}): unknown {
  return { kind, metadata: { name, namespace: "mlops", ...metadata }, ...content };
}

export function secret(name: string, data: Record<string, string>, namespace = "mlops"): unknown {
  const encoded = Object.entries(data).map(([key, value]): [string, string] => [
    key,
    Buffer.from(value).toString("base64"),
  ]);
  return object("Secret", name, { data: Object.fromEntries(encoded) }, { namespace });
}
