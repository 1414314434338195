// Writes docs/benchmarks.md from docs/benchmarks.json; tests/bench/bench-cluster.test.ts fails when it is stale.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Cell,
  isMet,
  type Measured,
  readReport,
  type Report,
  type SectionName,
  sectionNames,
  type Table,
  type Target,
} from "./report.ts";
import { sectionTexts } from "./texts.ts";

const docs = join(import.meta.dirname, "../../../docs");
export const reportFile = join(docs, "benchmarks.json");
export const pageFile = join(docs, "benchmarks.md");

const intro = `# Benchmarks on a cluster

Generated from \`docs/benchmarks.json\` by \`make reference\`; do not edit. \`make bench-cluster\` measures and writes both files.

    make bench-cluster TEST_KUBECONFIG=path [AIRFLOW_CHART=path] [ONLY=ready,tasks]

It deploys to its own namespaces, refuses a cluster that already has them, and leaves the cluster as it found it. With
\`AIRFLOW_CHART\` and \`helm\`, it measures the chart's Airflow. Without them, it runs Airflow from PyPI on the machine and omits
what only the chart has. A section that \`ONLY\` does not name keeps its figures, so each section states its date and machine.
Figures are slower on a busy machine, so each section also states the load at the start.
`;

/** The whole page. */
export function benchmarksMarkdown(report: Report): string {
  const sections = sectionNames.map((name) => sectionMarkdown(name, report[name]));
  return `${[intro.trimEnd(), ...sections].join("\n\n")}\n`;
}

export function sectionMarkdown(name: SectionName, measured: Measured | undefined): string {
  const { title, what } = sectionTexts[name];
  return [`## ${title}`, what, ...(measured === undefined ? ["Not measured yet."] : foundIn(measured))].join("\n\n");
}

function foundIn({ date, machine, versions, tables, targets, caveats }: Measured): string[] {
  const { processor, processors, memoryGiB, loadAtStart } = machine;
  const where = `${processors} × ${processor}, ${written(memoryGiB)} GiB, load at the start ${written(loadAtStart)}`;
  const what = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Measured on ${date}: ${where}; ${what.join(", ")}.`,
    ...tables.flatMap((table) => [`**${table.title}**`, tableText(table)]),
    ...(targets.length === 0 ? [] : [targetsText(targets)]),
    ...(caveats.length === 0 ? [] : [caveats.map((caveat) => `- ${caveat}`).join("\n")]),
  ];
}

function targetsText(targets: Target[]): string {
  const outcome = (target: Target) =>
    ({ true: "met", false: "**missed**", undefined: "" })[String(isMet(target))] ?? "";
  const rows = targets.map((target) => [
    target.name,
    target.value ?? "not measured",
    `≤ ${target.limit}`,
    outcome(target),
  ]);
  return tableText({ title: "", columns: ["Target", "measured", "limit", ""], rows });
}

function tableText({ columns, rows }: Table): string {
  const line = (cells: Cell[]) => `| ${cells.map(written).join(" | ")} |`;
  return [line(columns), line(columns.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

/** Three digits are more than a measurement holds. */
function written(cell: Cell): string {
  if (typeof cell === "string") return cell.replaceAll("|", "\\|");
  return Math.abs(cell) >= 100 ? cell.toFixed(0) : String(Number(cell.toPrecision(3)));
}

if (process.argv[1] === import.meta.filename) writeFileSync(pageFile, benchmarksMarkdown(readReport(reportFile)));
