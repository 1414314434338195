import { RunError } from "@pulumi/pulumi";
import type { z } from "zod";
import { textAt } from "../lib/json.ts";
import { keyOf, valueAt } from "../lib/key-path.ts";
import { whySecret } from "./likely-secret.ts";

/** A problem of a stack's configuration, and the command that fixes it. */
export interface ConfigProblem {
  /** Path below the project, e.g. `airflow.executor`. */
  key: string;
  found: string;
  allowed: string;
  fix: string;
}

/** An error of which the user reads the message and nothing else. */
export class UserError extends RunError {
  constructor(text: string) {
    super(text);
    // The SDK prefixes the message, once for each resource that waited for the value. Users need no prefix.
    Object.defineProperty(this, "message", { get: () => text, set: () => undefined });
    // The user has to solve it, and stack frames of this program would only hide the message.
    this.stack = text;
  }
}

/** All problems of a configuration at once. */
export class ConfigError extends UserError {
  readonly problems: ConfigProblem[];

  constructor(problems: ConfigProblem[]) {
    const lines = problems.map(
      ({ key, found, allowed, fix }) => `  ${key}: found ${found}; allowed: ${allowed}\n    fix: ${fix}`,
    );
    super(`the stack's configuration has ${count(problems.length)}\n${lines.join("\n")}`);
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/** The value at a path as a user would recognise it; never one below `secrets`, nor one that looks like a secret. */
export function shown(value: unknown, key: string): string {
  if (value === undefined) return "nothing";
  if (key.startsWith("secrets")) return "[secret]";
  const secret = whySecret(/[\w-]*(?="?\]?$)/.exec(key)?.[0] ?? "", value);
  if (secret !== undefined) return secret;
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** Turns the schema's issues into problems, one for each wrong key. */
export function problemsOf(error: z.ZodError, input: unknown): ConfigProblem[] {
  return error.issues.flatMap((issue) => problemsOfIssue(issue, input));
}

function problemsOfIssue(issue: z.core.$ZodIssue, input: unknown): ConfigProblem[] {
  const value = valueAt(input, issue.path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((name) => {
      const key = keyOf([...issue.path, name]);
      const allowed = elsewhere[key] ?? "no such key; see docs/configuration.md";
      return { key, found: shown(valueAt(value, [name]), key), allowed, fix: remove(key) };
    });
  }
  if (issue.code === "invalid_key") {
    const key = keyOf(issue.path);
    const allowed = issue.issues.map((inner) => allowedBy(inner)).join("; ");
    return [{ key, found: JSON.stringify(String(issue.path.at(-1))), allowed, fix: remove(key) }];
  }
  const key = keyOf(issue.path);
  const { found = shown(value, key), value: other, fix = fixFor(key, issue, other) } = statedBy(issue);
  return [{ key, found, allowed: allowedBy(issue), fix }];
}

/** The `found` and `fix` that a rule states itself, and the `value` that a schema proposes. */
function statedBy(issue: z.core.$ZodIssue): Record<"found" | "fix" | "value", string | undefined> {
  const params: unknown = issue.code === "custom" ? issue.params : undefined;
  return { found: textAt(params, "found"), fix: textAt(params, "fix"), value: textAt(params, "value") };
}

/** Where a setting is, by the key under which users look for it. */
const elsewhere: Record<string, string> = {
  "airflow.connections": "secrets.airflow.connections, since a connection has a password",
  "airflow.env": "airflow.environment, and secrets.airflow.environment for secret values",
  "airflow.requirements": "packages in images/airflow/requirements-site.txt, which `make images` installs",
  "airflow.timezone": "airflow.config.core.default_timezone",
  "cluster.nodes.spot": "no spot nodes for stateful pods; for a pool of tasks, set cluster.spotNodes",
};

const typeNames: Record<string, string> = {
  int: "a whole number",
  number: "a number",
  string: "a string",
  object: "an object",
  record: "an object",
  array: "a list",
  boolean: "true or false",
};

function allowedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_value":
      return issue.values.map(String).join(", ");
    case "invalid_union":
      return "discriminator" in issue && issue.discriminator !== undefined ? unionOptions(issue) : issue.message;
    case "invalid_type":
      return typeNames[issue.expected] ?? issue.expected;
    case "too_small":
      return issue.origin === "string"
        ? "a non-empty string"
        : issue.origin === "array"
          ? issue.message
          : `at least ${issue.minimum}`;
    case "too_big":
      return `at most ${issue.maximum}`;
    default:
      return issue.message.replace(/^Invalid input: expected /, "");
  }
}

function unionOptions(issue: z.core.$ZodIssueInvalidUnion): string {
  const options = "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
  return options.length > 0 ? options.join(", ") : issue.message;
}

function fixFor(key: string, issue: z.core.$ZodIssue, value = "<value>"): string {
  if (key.startsWith("secrets")) return setSecret(key);
  const type = issue.code === "invalid_type" ? issue.expected : "";
  return type === "object" || type === "array" || type === "record"
    ? `write ${key} as ${typeNames[type]} in Pulumi.<stack>.yaml`
    : set(key, value);
}

/** The command that sets a key. */
export function set(key: string, value: string): string {
  return `pulumi config set --path '${key}' ${/^[\w./:-]+$/.test(value) ? value : `'${value}'`}`;
}

/** The command that asks for a secret value and stores it encrypted. */
export function setSecret(key: string): string {
  return `pulumi config set --secret --path '${key}'`;
}

/** The command that removes a key. */
export function remove(key: string): string {
  return `pulumi config rm --path '${key}'`;
}

function count(problems: number): string {
  return problems === 1 ? "1 problem:" : `${problems} problems:`;
}
