import { stringify } from "yaml";
import { internalOutputs } from "../../components/outputs.ts";
import { notesOn } from "../../config/fixes.ts";
import { type Cost, formatUsd } from "../cost/cost.ts";
import { isObject } from "../../lib/json.ts";
import type { Demand } from "../../lib/kubernetes/demand.ts";
import type { NodeGroup } from "../../components/cluster/billed.ts";
import type { PolicyResult } from "../policies.ts";
import { formatBytes, formatCores } from "../../lib/quantity.ts";
import type { Override, Report } from "./report.ts";
import { bold, dim, red, table, wrapped } from "../../lib/terminal.ts";
import { countOf, treeOf } from "./tree.ts";

/** The report as a person reads it: what most people look for first, then the details. */
export function textOf(report: Report): string {
  const { resources, cost, nodeGroups, policies, overrides, labelCommands, warnings } = report;
  const { first, others } = outputsOf(report);
  const sections = [
    headingOf(report),
    first,
    ...(cost === undefined ? [] : [costTable(cost)]),
    ...(warnings.length === 0 ? [] : [warningLines(warnings)]),
    ...(labelCommands.length === 0 ? [] : [namespaceLines(labelCommands)]),
    ...(policies.length === 0 ? [] : [policyLines(policies)]),
    ...notesOf(report),
    demandTable(report),
    ...(nodeGroups.length === 0 ? [] : [nodeTable(nodeGroups)]),
    ...(overrides.length === 0 ? [] : [overrideLines(overrides)]),
    ...(resources.length === 0 ? [] : [[bold("Resources"), ...treeOf(resources)].join("\n")]),
    others,
    countLine(report, first !== ""),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function headingOf({ project, stack }: Report): string {
  const [first = "", ...rest] = wrapped(
    `${project} ${stack}, rendered offline: no provider checks it; \`pulumi preview\` compares it with the real state.`,
  ).split("\n");
  return [first.replace(`${project} ${stack}`, bold(`${project} ${stack}`)), ...rest].join("\n");
}

/** Where the UIs are, and what else a user reads of a stack; what is for the platform itself is in the JSON alone. */
function outputsOf({ outputs, stack }: Report): Record<"first" | "others", string> {
  const all = Object.entries(isObject(outputs) ? outputs : {}).filter(([name]) => !internalOutputs.includes(name));
  const isUrl = ([, value]: [string, unknown]) => typeof value === "string" && /^https?:\/\//.test(value);
  const urls = all.filter(isUrl).toSorted(([a], [b]) => Number(b === "webserverUrl") - Number(a === "webserverUrl"));
  const forwarded = all.some(([name]) => name === "portForward");
  const rest = all.filter((output) => !isUrl(output) && output[0] !== "portForward");
  return {
    first: [
      section("URLs", urls),
      ...(forwarded ? [dim(wrapped(`\`make open STACK=${stack}\` forwards those on localhost.`))] : []),
    ].join("\n"),
    others: section("Other outputs", rest),
  };
}

function section(title: string, entries: readonly [string, unknown][]): string {
  if (entries.length === 0) return "";
  return `${bold(title)}\n${stringify(Object.fromEntries(entries), { lineWidth: 0 }).trimEnd()}`;
}

function notesOf({ charts, encryptedKeys }: Report): string[] {
  const notes = charts.flatMap(({ note }) => (note === undefined ? [] : [note]));
  if (encryptedKeys.length > 0) notes.push(`Encrypted values are shown as placeholders: ${encryptedKeys.join(", ")}.`);
  return notes.map((note) => wrapped(note));
}

function demandTable({ demand, total, jobs }: Report): string {
  const heading = ["Requests", "pods", "CPU", "limit", "memory", "limit", "storage"];
  const rows = demand.map((entry) => demandRow(entry.component, entry.demand));
  return table([heading, ...rows, demandRow("total", total), demandRow("Jobs, while they run", jobs)]);
}

function demandRow(label: string, demand: Demand): string[] {
  const { pods, cpuRequest, cpuLimit, memoryRequest, memoryLimit, storage } = demand;
  return [
    label,
    String(pods),
    formatCores(cpuRequest),
    formatCores(cpuLimit),
    formatBytes(memoryRequest),
    formatBytes(memoryLimit),
    storage === 0 ? "" : formatBytes(storage),
  ];
}

function nodeTable(groups: readonly NodeGroup[]): string {
  const rows = groups.map(({ name, machineType, minCount, maxCount, diskSizeGiB, isSpot }) => [
    name,
    machineType,
    `${minCount ?? "?"} to ${maxCount ?? "?"}`,
    diskSizeGiB === undefined ? "" : `${diskSizeGiB} GiB`,
    isSpot ? "spot" : "",
  ]);
  return table([["Nodes", "machine", "count", "disk", ""], ...rows]);
}

function costTable({ region, seen, lines, missing, totalUsd, free }: Cost): string {
  const rows = lines.map(({ item, monthlyUsd }) => [item, formatUsd(monthlyUsd)]);
  const total = missing.length === 0 ? "total" : "total, a lower bound";
  const notes = [
    `List prices of ${region}, looked up on ${seen}; with the minimum number of nodes, without traffic, requests and backups.`,
    ...free.map(({ once, monthlyUsd }) => `The free tier pays ${formatUsd(monthlyUsd)} of it, once for each ${once}.`),
    ...missing.map((what) => `no price: ${what}`),
  ].map((note) => wrapped(note, "  "));
  return [table([["Cost", "USD a month"], ...rows, [total, formatUsd(totalUsd)]]), ...notes.map(dim)].join("\n");
}

function overrideLines(overrides: readonly Override[]): string {
  const lines = overrides.flatMap(({ path, before, after, meant }) => [
    meant === undefined ? path : `${path} (did you mean ${meant}?)`,
    wrapped(`  generated: ${valueText(before)}`, "    "),
    wrapped(`  yours: ${valueText(after)}`, "    "),
  ]);
  return [bold("Changed by airflow.values"), ...lines].join("\n");
}

/** On one line, with its end left out where it is long. */
function valueText(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "string" ? value.replaceAll("\n", " ") : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function namespaceLines(commands: readonly string[]): string {
  return [bold("Namespaces of the site: create and label them before `make up`"), ...commands].join("\n");
}

function policyLines(policies: readonly PolicyResult[]): string {
  const broken = policies.filter(({ violations }) => violations.length > 0);
  const lines = broken.flatMap(({ policy, enforcement, violations, remediation }) => [
    ...violations.map((text) =>
      wrapped(`${policy}${enforcement === "advisory" ? " (advice)" : ""}: ${text}`, "  ").replace(policy, red(policy)),
    ),
    dim(`  ${wrapped(remediation, "  ")}`),
  ]);
  return [bold(`Policies: ${policies.length - broken.length} passed, ${broken.length} violated`), ...lines].join("\n");
}

/** What is wrong is broken into lines; a command stays whole, so that it can be copied. */
function warningLines(warnings: readonly string[]): string {
  const lines = warnings.map((warning) => {
    const [what = "", ...commands] = warning.split("\n");
    return [wrapped(what, "    "), ...commands].join("\n");
  });
  const count = warnings.length === 1 ? "1 likely mistake" : `${warnings.length} likely mistakes`;
  const notes = notesOn(warnings.map((warning) => warning.slice(warning.indexOf("\n") + 1))).map((note) =>
    wrapped(note),
  );
  return [bold(`Warnings: ${count}`), ...lines, ...notes.map(dim)].join("\n");
}

/** The last line: how much there is, and which sections have scrolled away. */
function countLine({ resources, charts, cost, warnings, policies }: Report, hasUrls: boolean): string {
  const rendered = charts.reduce((total, { objects = 0 }) => total + objects, 0);
  const top = [
    ...(hasUrls ? ["URLs"] : []),
    ...(cost === undefined ? [] : ["cost"]),
    ...(warnings.length === 0 ? [] : ["warnings"]),
    ...(policies.length === 0 ? [] : ["policies"]),
  ];
  const count = `${countOf(resources)} resources${rendered === 0 ? "" : `, ${rendered} objects of charts`}.`;
  return wrapped(top.length === 0 ? count : `${count} At the top: ${top.join(", ")}.`);
}
