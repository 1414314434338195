// Generates the configuration section of Pulumi.yaml and docs/configuration.md from the schema.
// `node config/reference.ts` writes both; tests/config/reference.test.ts fails when either is stale.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { z } from "zod";
import { configSchema } from "./schema.ts";
import { type Node, schemaNode } from "./problems/shape.ts";

const top = join(import.meta.dirname, "..");

const schema = schemaNode();

/** Pulumi.yaml with its configuration section generated from the schema. */
export function pulumiYaml(current: string): string {
  const keys = Object.entries(schema.properties ?? {});
  const config = new Map(keys.map(([key, node]) => [key, projectKey(key, node)]));
  const [head = ""] = current.split(/^config:$/m);
  return `${head.trimEnd()}\n${stringify({ config }, { lineWidth: 0 })}`;
}

function projectKey(key: string, node: Node): Record<string, unknown> {
  const description = node.description ?? key;
  const shape: Record<string, z.ZodType> = configSchema.shape;
  const parsed = shape[key]?.safeParse(undefined) as { success: boolean; data?: unknown } | undefined;
  if (parsed?.success !== true) return { description };
  const { type } = node;
  if (type === "string") return { type, description, default: parsed.data };
  if (type === "array" && node.items?.type === "string") {
    return { type, description, items: { type: "string" }, default: parsed.data };
  }
  // Pulumi types neither objects nor lists of them; an empty object stands for the default.
  return { description, value: key === "secrets" ? {} : (parsed.data ?? {}) };
}

/** docs/configuration.md, a row for each key. */
export function configurationMarkdown(): string {
  const sections = Object.entries(schema.properties ?? {}).map(([key, node]) => {
    const rows = rowsOf(key, node, schema.required?.includes(key) ?? false);
    return [`## ${key}`, "", node.description ?? "", "", header, ...rows, ""].join("\n");
  });
  return [intro, ...sections].join("\n");
}

const header = "| key | allowed | default | meaning |\n| --- | --- | --- | --- |";

const intro = `# Configuration

Generated from the schema in \`config/\` by \`node config/reference.ts\`; do not edit.

Set a key with \`scripts/pulumi config set --stack <stack> --path <key> <value>\` or in \`Pulumi.<stack>.yaml\` as \`mlops:<key>\`.
The program checks the whole configuration before it creates anything. It lists all problems at once, each with the command that
fixes it.
`;

function rowsOf(key: string, node: Node, required: boolean): string[] {
  const variants = node.oneOf ?? [];
  if (variants.length > 0 && variants.every((variant) => variant.properties !== undefined)) {
    return variants.flatMap((variant) => variantRows(key, variant));
  }
  if (node.type === "object" && node.properties !== undefined) return propertyRows(key, node);
  const own = row(key, node, required);
  const { items } = node;
  // Of a union in a list, the text of the row names the short form; the object's keys have rows of their own.
  const variant = items?.properties !== undefined || items?.oneOf !== undefined ? items : objectOf(items?.anyOf);
  return variant === undefined ? [own] : [own, ...rowsOf(`${key}[]`, variant, false)];
}

function objectOf(union: Node[] = []): Node | undefined {
  return union.find(({ properties }) => properties !== undefined);
}

function variantRows(key: string, variant: Node): string[] {
  const kind = String(variant.properties?.kind?.const);
  const first = `| \`${key}.kind\` | **${kind}** | | ${cell(variant.description ?? "")} |`;
  return [first, ...propertyRows(key, variant, kind)];
}

function propertyRows(key: string, node: Node, kind?: string): string[] {
  const entries = Object.entries(node.properties ?? {}).filter(([name]) => !(kind !== undefined && name === "kind"));
  return entries.flatMap(([name, property]) =>
    rowsOf(`${key}.${name}`, property, node.required?.includes(name) ?? false),
  );
}

function row(key: string, node: Node, required: boolean): string {
  const [meaning = "", inWords] = (node.description ?? "").split("@default - ");
  const byDefault = required
    ? "required"
    : (inWords ?? (node.default === undefined ? "" : `\`${JSON.stringify(node.default)}\``));
  return `| \`${key}\` | ${cell(allowed(node))} | ${cell(byDefault)} | ${cell(meaning.trim())} |`;
}

function allowed(node: Node): string {
  if (node.enum !== undefined) return node.enum.map((value) => `\`${String(value)}\``).join(", ");
  const union = node.anyOf ?? node.oneOf;
  if (union !== undefined) return [...new Set(union.map(allowed))].join(" or ");
  if (node.const !== undefined) return `\`${JSON.stringify(node.const)}\``;
  if (node.type === "array") return `list of ${allowed(node.items ?? {})}`;
  if (node.type === "integer") return range(node);
  if (node.type === "object") return "object";
  if (node.file !== undefined) return `text of a file such as \`${node.file}\``;
  if (node.format?.startsWith("cidr") === true) return "CIDR";
  return node.pattern === undefined ? (node.type ?? "any") : `text like \`${node.pattern}\``;
}

function range({ minimum = -Infinity, maximum = Infinity }: Node): string {
  const unbounded = maximum >= Number.MAX_SAFE_INTEGER;
  return unbounded ? `whole number from ${minimum}` : `whole number from ${minimum} to ${maximum}`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

if (process.argv[1] === import.meta.filename) {
  const path = join(top, "Pulumi.yaml");
  writeFileSync(path, pulumiYaml(readFileSync(path, "utf8")));
  writeFileSync(join(top, "docs", "configuration.md"), configurationMarkdown());
}
