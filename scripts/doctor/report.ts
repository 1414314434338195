import { notesOn } from "../../config/fixes.ts";
import { table } from "../../lib/terminal.ts";
import type { Examination } from "./examine.ts";

const heading = ["severity", "check", "where", "found", "what to type", "thread"];

/** A finding as a program reads it. */
export interface FindingJson {
  severity: string;
  check: string;
  where: string;
  found: string;
  remedy: string;
  threads: readonly string[];
}

/** Errors before warnings. */
function findingsOf(examinations: readonly Examination[]): FindingJson[] {
  const all = examinations.flatMap(({ check, findings }) =>
    findings.map(({ where, found, remedy }) => {
      const { severity, id, threads } = check;
      return { severity, check: id, where, found, remedy: remedy ?? check.remedy, threads };
    }),
  );
  return all.toSorted((a, b) => a.severity.localeCompare(b.severity));
}

/** Checks, or parts of checks. */
function unseenOf(examinations: readonly Examination[]): { check: string; reason: string }[] {
  return examinations.flatMap(({ check, unseen }) => unseen.map((reason) => ({ check: check.id, reason })));
}

/** The result for people. */
export function textOf(examinations: readonly Examination[]): string {
  const findings = findingsOf(examinations);
  const looked = examinations.map(({ check }) => check.id).join(", ");
  const rows = findings.map((one) => [one.severity, one.check, one.where, one.found, one.remedy, one.threads[0] ?? ""]);
  const found = findings.length === 0 ? `no findings; checked: ${looked}` : table([heading, ...rows], "texts");
  const unseen = unseenOf(examinations).map(({ check, reason }) => `could not check (${check}): ${reason}`);
  const notes = notesOn(findings.map(({ remedy }) => remedy));
  const more = findings.length === 0 ? [] : [...notes, "docs/doctor.md explains each check."];
  return [found, ...unseen, ...more].join("\n");
}

/** The result for programs. */
export function jsonOf(examinations: readonly Examination[]): string {
  const looked = examinations.map(({ check }) => check.id);
  return JSON.stringify({ findings: findingsOf(examinations), unseen: unseenOf(examinations), looked }, null, 2);
}

/** 0: nothing is wrong; 1: something is; 2: nothing is that could be looked at. */
export function exitCodeOf(examinations: readonly Examination[]): number {
  if (findingsOf(examinations).length > 0) return 1;
  return unseenOf(examinations).length > 0 ? 2 : 0;
}
