import type { z } from "zod";
import { closest } from "../../lib/closest.ts";
import { isObject, textAt } from "../../lib/json.ts";
import { keyOf, valueAt } from "../../lib/key-path.ts";
import { type ConfigProblem, shown } from "../errors.ts";
import { byHand, isBelowSecrets, isScalar, remove, rename, set } from "../fixes.ts";
import { keysAt, placesOf } from "./shape.ts";
import { suggestedFix } from "./suggestions.ts";

/** Turns the schema's issues into problems, one for each wrong key. */
export function problemsOf(error: z.ZodError, input: Record<string, unknown>): ConfigProblem[] {
  return error.issues.flatMap((issue) => problemsOfIssue(issue, input));
}

function problemsOfIssue(issue: z.core.$ZodIssue, input: Record<string, unknown>): ConfigProblem[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((name) => unknownKey([...issue.path, name], input));
  if (issue.code === "invalid_key") return [refusedName(issue, input)];
  const key = keyOf(issue.path);
  const value = valueAt(input, issue.path);
  const { found = shown(value, key), value: meant, ...stated } = statedBy(issue);
  const fix = stated.fix ?? (meant === undefined ? suggestedFix(issue, input) : set(key, meant));
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
  "postgres.iam":
    "logins with passwords in secrets.postgres.logins: IAM logins are not supported (docs/decisions/0014-iam-logins.md)",
  "cluster.nodes.spot": "no spot nodes for stateful pods; for a pool of tasks, set cluster.spotNodes",
};

/** A key that the schema does not have: a mistyped one, or one of another section. */
function unknownKey(path: PropertyKey[], input: Record<string, unknown>): ConfigProblem {
  const key = keyOf(path);
  const value = valueAt(input, path);
  const problem = { key, found: shown(value, key) };
  const meant = elsewhere[key] === undefined ? meantBy(path, input) : undefined;
  if (meant !== undefined) {
    return { ...problem, allowed: `no such key; did you mean ${meant}?`, fix: moved(path, meant, input) };
  }
  const keys = keysAt(path.slice(0, -1), input).join(", ");
  const allowed = elsewhere[key] ?? (keys === "" ? "no such key" : `no such key; there are ${keys}`);
  // A value of several parts may be all that a user has of it.
  const isSmall = (isScalar(value) && !isBelowSecrets(key)) || isEmpty(value);
  return {
    ...problem,
    allowed,
    fix: isSmall ? remove(key) : byHand(`remove ${key}, or move its values to another key`),
  };
}

/** Moves a value to a key that is free; two values become one by hand. */
function moved(path: PropertyKey[], target: string, input: Record<string, unknown>): string {
  const isTaken =
    valueAt(
      input,
      target.split(/[.[\]]+/).filter((part) => part !== ""),
    ) !== undefined;
  return isTaken
    ? byHand(`${target} is also set: keep one of the two, and remove ${keyOf(path)}`)
    : rename(path, target, valueAt(input, path));
}

/** The key that a mistyped one means: the closest at its place, or the same in another section. */
function meantBy(path: PropertyKey[], input: Record<string, unknown>): string | undefined {
  const parent = path.slice(0, -1);
  const name = String(path.at(-1));
  const near = closest(name, keysAt(parent, input));
  if (near !== undefined) return keyOf([...parent, near]);
  const others = placesOf(name).filter((place) => {
    const steps = place.split(".");
    return keysAt(steps.slice(0, -1), input).includes(steps.at(-1) ?? "");
  });
  // The kind of what was found says whether it is meant: a project's name is not the cluster's.
  return others.length === 1 ? others[0] : undefined;
}

/** A name of the user's own, such as a label's, that the schema refuses. */
function refusedName(issue: z.core.$ZodIssueInvalidKey, input: unknown): ConfigProblem {
  const name = String(issue.path.at(-1));
  const allowed = issue.issues.map((inner) => allowedBy(inner)).join("; ");
  const host = name.replace(/^\w+:\/\//, "").replace(/\/.*$/, "");
  const better = [host, name.trim().replace(/[^\w./-]+/g, "-"), name.toUpperCase().replace(/\W+/g, "_")];
  const isAllowed = (text: string) =>
    issue.issues.every((inner) => inner.code === "invalid_format" && matches(inner, text));
  const target = better.find((text) => text !== name && isAllowed(text));
  const key = keyOf(issue.path);
  const fix =
    target === undefined
      ? isScalar(valueAt(input, issue.path)) && !isBelowSecrets(key)
        ? remove(key)
        : byHand(`give ${key} another name`)
      : rename(issue.path, keyOf([...issue.path.slice(0, -1), target]), valueAt(input, issue.path));
  return { key, found: JSON.stringify(name), allowed, fix };
}

function matches(issue: z.core.$ZodIssueInvalidStringFormat, text: string): boolean {
  const { pattern } = issue;
  const [, source = "", flags = ""] = /^\/(.*)\/([a-z]*)$/.exec(pattern ?? "") ?? [];
  return new RegExp(source, flags).test(text);
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === null || (isObject(value) && Object.keys(value).length === 0);
}

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
  const options = "options" in issue && Array.isArray(issue.options) ? issue.options : [];
  // A kind that may be left out has one more option, without a value.
  const named = options.filter((option) => option !== undefined).map(String);
  return named.length > 0 ? named.join(", ") : issue.message;
}
