import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, type ScalarTag } from "yaml";
import { keyOf } from "../lib/key-path.ts";
import { errorText, UsageError } from "../lib/errors.ts";
import { placeholders } from "./recorder/random.ts";
import { isObject } from "../lib/json.ts";

/** A stack's configuration as the engine hands it to the program. */
export interface Stack {
  /** @default - none, as in a state in files */
  organization?: string;
  project: string;
  stack: string;
  /** By `namespace:key`; objects and lists as JSON. */
  config: Record<string, string>;
  /** The keys of `config` with an encrypted value in them. */
  secretKeys: string[];
}

/**
 * Reads Pulumi.yaml and Pulumi.<stack>.yaml of a folder without the Pulumi CLI.
 *
 * Encrypted values become placeholders: decrypting them takes the passphrase or the cloud's key.
 *
 * @throws UsageError for a stack that the folder does not have
 */
export function readStack(folder: string, name: string): Stack {
  const known = stacksOf(folder);
  const projectFile = readYaml(join(folder, "Pulumi.yaml"));
  const project = String(projectFile.name);
  const stack = ownName(name, project);
  if (!known.includes(stack)) {
    throw new UsageError(`there is no stack "${stack}": ${fileOf(stack)} does not exist; stacks: ${known.join(", ")}`);
  }
  const stackFile = readYaml(join(folder, fileOf(stack)));
  refuseUnread(stackFile, fileOf(stack), project);
  const declared = Object.entries(objectOf(projectFile.config)).flatMap(([key, entry]) => declaredValue(key, entry));
  const entries = [...declared, ...Object.entries(objectOf(stackFile.config))].map(([key, value]) => {
    const path = key.replace(":config:", ":");
    return [path.includes(":") ? path : `${project}:${path}`, value] as const;
  });
  const values = Object.entries(Object.fromEntries(entries)).map(([key, value]) => {
    const found = reveal(value, [key.slice(key.indexOf(":") + 1)]);
    return { key, text: textOf(found.value), isSecret: found.isSecret };
  });
  return {
    ...(name.includes("/") ? { organization: name.slice(0, name.indexOf("/")) } : {}),
    project,
    stack,
    config: Object.fromEntries(values.map(({ key, text }) => [key, text])),
    secretKeys: values.filter(({ isSecret }) => isSecret).map(({ key }) => key),
  };
}

/** The file of a stack, which may be named with its organization and project. */
export function fileOf(stack: string): string {
  return `Pulumi.${stack.split("/").at(-1) ?? ""}.yaml`;
}

/** A stack's own name of `organization/project/stack`, `organization/stack` or the name alone. */
function ownName(name: string, project: string): string {
  const parts = name.split("/");
  if (parts.length === 3 && parts[1] !== project) {
    throw new UsageError(`found the stack ${name}, of the project ${String(parts[1])}; this project is ${project}`);
  }
  return parts.at(-1) ?? "";
}

/** What a stack's file may have beside `config`. */
const fileKeys = ["config", "secretsprovider", "encryptedkey", "encryptionsalt", "encryptionkey"];

/** @throws UsageError for what would make the stack another one than the preview shows */
function refuseUnread(file: Record<string, unknown>, name: string, project: string): void {
  if (file.environment !== undefined) {
    throw new UsageError(
      `${name} imports ESC environments (environment: …), whose values are not in the file: use \`scripts/pulumi preview --stack <stack>\``,
    );
  }
  if (file.config !== undefined && file.config !== null && !isObject(file.config)) {
    throw new UsageError(
      `${name}: found config as a ${Array.isArray(file.config) ? "list" : "single value"}; write one ${project}:<key> per line below it`,
    );
  }
  const [unread] = Object.keys(file).filter((key) => !fileKeys.includes(key));
  if (unread !== undefined) {
    throw new UsageError(
      `${name}: found ${unread} at the top; keys are ${project}:<key> below config:, indented by two spaces`,
    );
  }
}

/** The stacks that a folder has a file of. */
export function stacksOf(folder: string): string[] {
  const names = readdirSync(folder).map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1]);
  return names.filter((name) => name !== undefined).toSorted();
}

function readYaml(path: string): Record<string, unknown> {
  if (!existsSync(path)) throw new UsageError(`${path} does not exist`);
  try {
    // As the engine reads it: merge keys, octal numbers and dates are YAML 1.1's, booleans are 1.2's.
    return objectOf(parse(readFileSync(path, "utf8"), { merge: true, customTags: (tags) => [octal, date, ...tags] }));
  } catch (error) {
    throw new UsageError(`${path} is not valid YAML: ${errorText(error)}`);
  }
}

/** A key of Pulumi.yaml: `value` is a value, `default` one of a declared type; a declaration alone sets nothing. */
function declaredValue(key: string, entry: unknown): [string, unknown][] {
  if (!isObject(entry)) return [[key, entry]];
  const value = entry.value ?? entry.default;
  return value === undefined ? [] : [[key, entry.secret === true ? { secure: value } : value]];
}

/** Replaces encrypted values, at any depth. */
function reveal(value: unknown, path: PropertyKey[]): { value: unknown; isSecret: boolean } {
  if (Array.isArray(value)) {
    const items = value.map((item, i) => reveal(item, [...path, i]));
    return { value: items.map((item) => item.value), isSecret: items.some(({ isSecret }) => isSecret) };
  }
  if (!isObject(value)) return { value, isSecret: false };
  if (typeof value.secure === "string" && Object.keys(value).length === 1) {
    return { value: placeholderFor(keyOf(path)), isSecret: true };
  }
  const entries = Object.entries(value).map(([key, item]) => [key, reveal(item, [...path, key])] as const);
  return {
    value: Object.fromEntries(entries.map(([key, item]) => [key, item.value])),
    isSecret: entries.some(([, item]) => item.isSecret),
  };
}

/** A placeholder in the form that validation expects of the key. */
function placeholderFor(key: string): string {
  const text = placeholders.text(key.replace(/[^A-Za-z0-9]+/g, "-"), 32);
  if (/^secrets\.airflow\.connections\.[^.]+$/.test(key)) return `generic://example.invalid/${text}`;
  if (key.endsWith("PrivateKey")) {
    return `-----BEGIN OPENSSH PRIVATE KEY-----\n${text}\n-----END OPENSSH PRIVATE KEY-----\n`;
  }
  if (key.endsWith("Url")) return `https://example.invalid/${text}`;
  if (key.endsWith("Json")) return JSON.stringify({ auths: { "example.invalid": { auth: text } } });
  return text;
}

function textOf(value: unknown): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** `0755`, which is 493. */
const octal: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^[-+]?0[0-7]+$/,
  resolve: (text) => parseInt(text, 8),
};

/** A date without quotes, which the engine hands on as the text of a time. */
const date: ScalarTag = {
  tag: "tag:yaml.org,2002:timestamp",
  default: true,
  test: /^\d{4}-\d\d-\d\d$/,
  resolve: (text) => `${text} 00:00:00 +0000 UTC`,
};

function objectOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}
