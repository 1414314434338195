import { stringify } from "yaml";
import { type Cost, formatUsd } from "../cost/cost.ts";
import type { Demand } from "../../lib/kubernetes/demand.ts";
import type { NodeGroup } from "../../components/cluster/billed.ts";
import type { PolicyResult } from "../policies.ts";
import { formatBytes, formatCores } from "../../lib/quantity.ts";
import type { Override, Report, ResourceNode } from "./report.ts";
import { bold, dim, red, table } from "../../lib/terminal.ts";

/** The report as a person reads it. */
export function textOf(report: Report): string {
  const { project, stack, resources, charts, nodeGroups, cost, policies, encryptedKeys, warnings } = report;
  const notes = charts.flatMap(({ note }) => (note === undefined ? [] : [note]));
  if (encryptedKeys.length > 0) notes.push(`Encrypted values are shown as placeholders: ${encryptedKeys.join(", ")}.`);
  const sections = [
    `${bold(`${project} ${stack}`)}, rendered offline: no provider checks it; \`pulumi preview\` compares it with the real state.`,
    treeOf(resources, "").join("\n"),
    `${bold("Outputs")}\n${stringify(report.outputs, { lineWidth: 0 }).trimEnd()}`,
    demandTable(report),
    ...(nodeGroups.length === 0 ? [] : [nodeTable(nodeGroups)]),
    ...(cost === undefined ? [] : [costTable(cost)]),
    ...(report.overrides.length === 0 ? [] : [overrideTable(report.overrides)]),
    ...(report.labelCommands.length === 0 ? [] : [namespaceLines(report.labelCommands)]),
    ...notes,
    ...(warnings.length === 0 ? [] : [warningLines(warnings)]),
    ...(policies.length === 0 ? [] : [policyLines(policies)]),
    countLine(report),
  ];
  return `${sections.join("\n\n")}\n`;
}

function treeOf(nodes: readonly ResourceNode[], indent: string): string[] {
  return nodes.flatMap((node, i) => {
    const isLast = i === nodes.length - 1;
    const inner = `${indent}${isLast ? "   " : "│  "}`;
    const rendered = node.rendered.map((part, j) => `${inner}${j === node.rendered.length - 1 ? "└─ " : "├─ "}${part}`);
    return [`${indent}${isLast ? "└─ " : "├─ "}${lineOf(node)}`, ...treeOf(node.children, inner), ...rendered];
  });
}

function lineOf({ type, name, object, protect, renderedFrom }: ResourceNode): string {
  const isComponent = type.startsWith("mlops:");
  const label = `${isComponent ? bold(name) : name} ${dim(kindOf(type))}`;
  const place = object === undefined || object === name ? "" : ` ${object}`;
  const source = renderedFrom === "values" ? ", its pods from its values" : "";
  return `${label}${place}${protect ? " protected" : ""}${source}`;
}

/** `Deployment` for `kubernetes:apps/v1:Deployment`; a provider by its package, a cloud's resource with its service. */
export function kindOf(type: string): string {
  const [scope = "", module = "", name = ""] = type.split(":");
  if (scope === "pulumi") return `provider ${name}`;
  if (scope === "kubernetes" || scope === "mlops" || scope === "random") return name;
  return `${scope}.${module.split("/")[0]}.${name}`;
}

function demandTable({ demand, total, jobs }: Report): string {
  const heading = [
    "Requested of the cluster",
    "pods",
    "CPU request",
    "CPU limit",
    "memory request",
    "memory limit",
    "storage",
  ];
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
    formatBytes(storage),
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

function costTable({ region, seen, lines, missing, totalUsd }: Cost): string {
  const rows = lines.map(({ item, monthlyUsd }) => [item, formatUsd(monthlyUsd)]);
  const total = missing.length === 0 ? "total" : "total, a lower bound";
  const notes = [
    `List prices of ${region}, looked up on ${seen}; with the minimum number of nodes, without traffic, requests and backups.`,
    ...missing.map((what) => `no price: ${what}`),
  ];
  return [table([["Cost", "USD a month"], ...rows, [total, formatUsd(totalUsd)]]), ...notes.map(dim)].join("\n");
}

function overrideTable(overrides: readonly Override[]): string {
  const rows = overrides.map(({ path, before, after, meant }) => [
    meant === undefined ? path : `${path} (did you mean ${meant}?)`,
    valueText(before),
    valueText(after),
  ]);
  return table([["Changed by airflow.values", "generated", "yours"], ...rows]);
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
    ...violations.map((text) => `${red(policy)}${enforcement === "advisory" ? " (advice)" : ""}: ${text}`),
    dim(`  ${remediation}`),
  ]);
  return [bold(`Policies: ${policies.length - broken.length} passed, ${broken.length} violated`), ...lines].join("\n");
}

function warningLines(warnings: readonly string[]): string {
  return [bold(`Warnings: ${warnings.length} values are most likely mistakes`), ...warnings].join("\n");
}

function countLine({ resources, charts }: Report): string {
  const count = (nodes: readonly ResourceNode[]): number =>
    nodes.reduce((total, node) => total + 1 + count(node.children), 0);
  const rendered = charts.reduce((total, { objects = 0 }) => total + objects, 0);
  return `${count(resources)} resources${rendered === 0 ? "" : `, ${rendered} objects of charts`}`;
}
