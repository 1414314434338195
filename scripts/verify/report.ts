import { notesOn } from "../../config/fixes.ts";
import type { Finding } from "./check.ts";

/** The results of a run and its subject, complete enough for a dated report. */
export interface Report {
  /** ISO 8601, UTC. */
  date: string;
  cluster: Cluster;
  /** By component. */
  versions: Record<string, string>;
  seconds: number;
  passed: number;
  failed: number;
  skipped: number;
  checks: Finding[];
}

export interface Cluster {
  context: string;
  namespace: string;
  kubernetes: string;
  /** `gce`, `aws`, …; `none` where the nodes name no cloud. */
  provider: string;
  nodes: number;
}

/** The counts of a report. */
export function counts(checks: Finding[]): Pick<Report, "passed" | "failed" | "skipped"> {
  const count = (wanted: Finding["state"]) => checks.filter(({ state }) => state === wanted).length;
  return { passed: count("ok"), failed: count("failed"), skipped: count("skipped") };
}

/** A line for each check, followed by the fix if it failed; the last line counts the results. */
export function table(report: Report): string {
  const { checks, passed, failed, skipped } = report;
  const width = Math.max(...checks.map(({ check }) => check.length));
  const lines = checks.flatMap((finding) => {
    const line = `${finding.state.padEnd(7)}  ${finding.check.padEnd(width)}  ${finding.seen}`;
    return finding.state === "failed" ? [line, `${" ".repeat(width + 11)}fix: ${finding.fix}`] : [line];
  });
  const notes = notesOn(checks.flatMap((finding) => (finding.state === "failed" ? [finding.fix] : [])));
  return [...lines, ...notes, "", `${passed} passed, ${failed} failed, ${skipped} skipped in ${report.seconds} s`].join(
    "\n",
  );
}
