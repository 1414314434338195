import { notesOn } from "../../config/fixes.ts";
import { table } from "../../lib/terminal.ts";
import type { Row } from "../../components/preflight/row.ts";

const heading = ["state", "check", "found", "what to type"];

/** The result for people. */
export function textOf(rows: readonly Row[]): string {
  const lines = rows.map(({ state, check, found, fix = "" }) => [state, check, found, fix]);
  return [table([heading, ...lines], "texts"), ...notesOn(fixesOf(rows)), verdictOf(rows)].join("\n");
}

/** The result for programs. */
export function jsonOf(stack: string, rows: readonly Row[]): string {
  return JSON.stringify({ stack, failed: failures(rows).length, rows }, null, 2);
}

/** 0: nothing that could be asked stops a deployment; 1: something does. */
export function exitCodeOf(rows: readonly Row[]): number {
  return failures(rows).length > 0 ? 1 : 0;
}

function verdictOf(rows: readonly Row[]): string {
  const count = failures(rows).length;
  const open = rows.filter(({ state }) => state === "unknown" || state === "not checked").length;
  const rest = open === 0 ? "" : `; ${open} could not be checked`;
  if (count === 0) return `Nothing was found that stops a deployment${rest}.`;
  const what = count === 1 ? "1 check failed" : `${count} checks failed`;
  return `${what}${rest}. Nothing was changed. SKIP_PREFLIGHT=1 deploys without these checks. docs/preflight.md explains each check.`;
}

function failures(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ state }) => state === "failed");
}

function fixesOf(rows: readonly Row[]): string[] {
  return rows.flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
}
