import {
  isChanged,
  type BilledChange,
  type ChangedResource,
  type CostChange,
  type ResourceName,
  type StackChanges,
  type ValueChange,
} from "./changes.ts";
import type { Loss } from "../../policy/rule.ts";
import { formatUsd } from "../cost/cost.ts";
import type { FieldChange } from "../../lib/field-changes.ts";
import { titled } from "./heading.ts";
import type { PolicyChange, ResourceField } from "./losses.ts";
import { kindOf } from "./tree.ts";

/** How much of a list is shown: a review host takes comments of 65,536 characters. */
const most = { resources: 100, fields: 20, paths: 3, characters: 80 };

/** The differences as a review shows them. */
export function markdownOf(
  stacks: readonly StackChanges[],
  base: string,
  failed: readonly { stack: string; reason: string }[] = [],
): string {
  const [changed, same] = [stacks.filter(isChanged), stacks.filter((stack) => !isChanged(stack))];
  const unchanged =
    same.length === 0 ? [] : [`Nothing changes in ${same.map(({ stack }) => `\`${stack}\``).join(", ")}.`];
  const sections = [
    `# ${titled(changed, "Preview")}`,
    `Against \`${base}\`, rendered offline.`,
    ...changed.map(stackSection),
    ...unchanged,
    ...failed.map(({ stack, reason }) => `## ${stack}: not compared\n\n\`\`\`text\n${reason}\n\`\`\``),
  ];
  return `${sections.join("\n\n")}\n`;
}

function stackSection(changes: StackChanges): string {
  const { stack, added, changed, removed, losses, billed, cost, chartValues, chartObjects, outputs, policies, notes } =
    changes;
  const replaced = changed.filter(({ replaces }) => replaces);
  const counts = `${added.length} added, ${changed.length} changed, ${removed.length} removed`;
  const changedResources = changed.map((resource) => `${lineOf(resource)}\n${fieldLines(resource.fields, "  ")}`);
  const title = titled([changes], counts);
  const values = chartValues.map(({ release, fields }) => `- **${release}**\n${fieldLines(fields, "  ")}`);
  return [
    `## ${stack}: ${title}`,
    ...listSection("DELETES DATA", losses.map(lossLine)),
    ...listSection("REPLACES", replaced.map(replacedLine)),
    ...policySection("New policy violations", policies.broken),
    ...policySection("Fixed policy violations", policies.fixed),
    ...(billed.length === 0 ? [] : [`### Cost-relevant changes\n\n${billedTable(billed)}`]),
    ...(cost === undefined ? [] : [costText(cost)]),
    ...listSection("Added", added.map(lineOf)),
    ...listSection("Changed", changedResources),
    ...listSection("Removed", removed.map(lineOf)),
    ...listSection("Chart values", values),
    ...listSection(
      "Objects that charts add",
      chartObjects.added.map((object) => `- ${object}`),
    ),
    ...listSection(
      "Objects that charts remove",
      chartObjects.removed.map((object) => `- ${object}`),
    ),
    ...(outputs.length === 0 ? [] : [`### Outputs\n\n${fieldLines(outputs, "")}`]),
    ...notes,
  ].join("\n\n");
}

function policySection(title: string, changes: readonly PolicyChange[]): string[] {
  const lines = changes.map(
    ({ policy, enforcement, violation }) =>
      `- **${policy}**${enforcement === "advisory" ? " (advice)" : ""}: ${violation}`,
  );
  return listSection(title, lines);
}

function billedTable(changes: readonly BilledChange[]): string {
  const rows = changes.map(({ item, before = "–", after = "–" }) => `| ${item} | ${before} | ${after} |`);
  return ["| item | before | after |", "| --- | --- | --- |", ...rows].join("\n");
}

function costText({ beforeUsd, afterUsd, missing }: CostChange): string {
  const figure = (usd: number | undefined) => (usd === undefined ? "nothing" : `${formatUsd(usd)} USD`);
  const [before, after] = [figure(beforeUsd), figure(afterUsd)];
  const text = before === after ? after : `${before} → ${after}`;
  const bound = missing.length === 0 ? "" : `, a lower bound: no price for ${missing.join("; ")}`;
  return `**Estimate for a month:** ${text}${bound}.`;
}

function listSection(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const rest = lines.length - most.resources;
  const shown = rest > 0 ? [...lines.slice(0, most.resources), `- and ${rest} more`] : lines;
  return [`### ${title}\n\n${shown.join("\n")}`];
}

function lineOf({ type, name, object }: ResourceName): string {
  const place = object === undefined || object === name ? "" : ` ${object}`;
  return `- **${name}** ${kindOf(type)}${place}`;
}

function lossLine(loss: Loss): string {
  const { how, fields, data } = loss;
  const what = how === "removed" ? "removed" : `replaced for ${codes(fields)}`;
  const name = data === loss.name ? "" : ` (\`${data}\` in \`allowDataLoss\`)`;
  return `${lineOf(loss)}: ${what}${name}`;
}

/** Deleted and created again, under the same name if it has one. */
function replacedLine(resource: ChangedResource): string {
  return `${lineOf(resource)}: ${codes(resource.fields.filter(({ replaces }) => replaces).map(({ path }) => path))}`;
}

function codes(texts: readonly string[]): string {
  const rest = texts.length - most.paths;
  const shownTexts = texts.slice(0, most.paths).map((text) => `\`${text}\``);
  return (rest > 0 ? [...shownTexts, `${rest} more`] : shownTexts).join(", ");
}

function fieldLines(fields: readonly (FieldChange | ResourceField | ValueChange)[], indent: string): string {
  const lines = fields.map((field) => {
    const replaces = "replaces" in field && field.replaces ? " **replaces it**" : "";
    const override = "override" in field ? overrideText(field.override) : "";
    return `${indent}- \`${field.path}\`: ${changeOf(field.before, field.after)}${override}${replaces}`;
  });
  const rest = lines.length - most.fields;
  return (rest > 0 ? [...lines.slice(0, most.fields), `${indent}- and ${rest} more fields`] : lines).join("\n");
}

function overrideText(override: ValueChange["override"]): string {
  return override === undefined ? "" : ` by \`airflow.values\`, in place of ${shown(override.generated)}`;
}

function changeOf(before: unknown, after: unknown): string {
  if (typeof before === "string" && typeof after === "string" && `${before}${after}`.includes("\n")) {
    return lineCounts(before.split("\n"), after.split("\n"));
  }
  return `${shown(before)} → ${shown(after)}`;
}

/** Of a text of many lines, how many are new and how many are gone. */
function lineCounts(before: readonly string[], after: readonly string[]): string {
  const count = (lines: readonly string[], others: readonly string[]) => {
    const known = new Set(others);
    return lines.filter((line) => !known.has(line)).length;
  };
  return `text, ${count(after, before)} lines added, ${count(before, after)} removed`;
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (/^[0-9a-f]{40,}$/.test(text)) return `\`${text.slice(0, 12)}…\``;
  const [first = ""] = text.split("\n");
  const isLong = first.length > most.characters || first !== text;
  const short = isLong ? `${first.slice(0, most.characters)}…` : text;
  return short.includes("`") ? `\`\` ${short} \`\`` : `\`${short}\``;
}
