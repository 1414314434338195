import { readFileSync } from "node:fs";
import { isObject } from "../../../lib/json.ts";

/** Every section, in the order of the page. */
export const sectionNames = ["ready", "idle", "restore", "dags", "projects", "tasks"] as const;
export type SectionName = (typeof sectionNames)[number];

export type Cell = string | number;

export interface Table {
  title: string;
  /** Units stand in the names. */
  columns: string[];
  rows: Cell[][];
}

/** What the figures are held against. */
export interface Target {
  name: string;
  /** null where it could not be measured. */
  value: number | null;
  /** The highest value that meets it. */
  limit: number;
}

/** What a section found. */
export interface Figures {
  tables: Table[];
  targets: Target[];
  /** What a reader must know to judge the figures, a sentence each. */
  caveats: string[];
}

/** Where and when a section was measured. */
export interface Circumstances {
  /** e.g. 2026-11-21. */
  date: string;
  machine: { processor: string; processors: number; memoryGiB: number; loadAtStart: number };
  /** By name, e.g. Kubernetes. */
  versions: Record<string, string>;
}

export type Measured = Figures & Circumstances;
export type Report = Partial<Record<SectionName, Measured>>;

/** The sections of `--only`, in the order of the page; all for none. Throws where a name is no section. */
export function chosenSections(only: string | undefined): SectionName[] {
  const names = (only ?? "").split(",").flatMap((name) => (name.trim() === "" ? [] : [name.trim()]));
  const known: readonly string[] = sectionNames;
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`found ONLY=${unknown.join(",")}: give one or more of ${sectionNames.join(",")}`);
  }
  return names.length === 0 ? [...sectionNames] : sectionNames.filter((name) => names.includes(name));
}

/** A report with one section replaced. */
export function merged(report: Report, name: SectionName, measured: Measured): Report {
  const all = { ...report, [name]: measured };
  return Object.fromEntries(sectionNames.flatMap((known) => (all[known] === undefined ? [] : [[known, all[known]]])));
}

/** Whether a target is met; undefined where it could not be measured. */
export function isMet({ value, limit }: Target): boolean | undefined {
  return value === null ? undefined : value <= limit;
}

export function readReport(file: string): Report {
  const content: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (!isObject(content)) throw new Error(`${file} holds no object`);
  return content;
}

/** The report as its file holds it: more than three decimals no measurement has, and what is no number was not measured. */
export function reportText(report: Report): string {
  const rounded = (_: string, value: unknown) => (typeof value === "number" ? Math.round(value * 1000) / 1000 : value);
  return `${JSON.stringify(report, rounded, 2)}\n`;
}
