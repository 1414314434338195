import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { closest } from "../../lib/closest.ts";
import { isObject, textAt } from "../../lib/json.ts";
import { keyOf, replacedAt, valueAt } from "../../lib/key-path.ts";
import { type ConfigProblem, shown } from "../errors.ts";
import { byHand, isBelowSecrets, isScalar, remove, rename, set } from "../fixes.ts";
import { narrowed, withSiblings } from "./narrowed.ts";
import { keysAt, kindCalled, nodeAt, placesOf, readsLikeNumber } from "./shape.ts";
import { suggestedFix } from "./suggestions.ts";

/** Turns the schema's issues into problems, one for each wrong key. */
export function problemsOf(error: z.ZodError, input: Record<string, unknown>): ConfigProblem[] {
  const located = error.issues.flatMap((issue) => withSiblings(issue, input)).flatMap(narrowed);
  const misspelt = located.map(({ issue }) => issue).filter((issue) => issue.code === "unrecognized_keys");
  const meant = misspelt.flatMap(({ keys, path }) => keys.map((name) => keyOf(nearTo([...path, name], input) ?? [])));
  // A misspelt key is one problem: that the right one is missing, and what a check of the whole says then, are the same.
  const isSame = ({ code, path }: z.core.$ZodIssue) =>
    (valueAt(input, path) === undefined && meant.includes(keyOf(path))) ||
    (code === "custom" && misspelt.some((other) => path.length > 0 && keyOf(other.path) === keyOf(path)));
  return located.filter(({ issue }) => !isSame(issue)).flatMap((one) => problemsOfIssue(one.issue, one.input));
}

function problemsOfIssue(issue: z.core.$ZodIssue, input: Record<string, unknown>): ConfigProblem[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((name) => unknownKey([...issue.path, name], input));
  if (issue.code === "invalid_key") return [refusedName(issue, input)];
  const key = keyOf(issue.path);
  const value = valueAt(input, issue.path);
  const { found = shown(value, key), ...stated } = statedBy(issue);
  const fix = stated.fix ?? proposedFix(key, stated) ?? suggestedFix(issue, input);
  return [{ key, found, allowed: allowedAt(issue, input), fix }];
}

/** What is allowed at an issue's place: a number's whole range, and how to write a text that reads like a number. */
function allowedAt(issue: z.core.$ZodIssue, input: Record<string, unknown>): string {
  const { minimum, maximum = Infinity, type, oneOf } = nodeAt(issue.path, input) ?? {};
  const kinds = oneOf?.map(({ properties }) => String(properties?.kind?.const));
  if (issue.code === "invalid_type" && kinds !== undefined) return `an object with kind ${kinds.join(", ")}`;
  const isOutside = issue.code === "too_big" || (issue.code === "too_small" && issue.origin !== "array");
  if (isOutside && type === "integer" && minimum !== undefined && maximum < Number.MAX_SAFE_INTEGER) {
    return `a whole number from ${minimum} to ${maximum}`;
  }
  const isNumber = type === "string" && readsLikeNumber(valueAt(input, issue.path));
  const called = kindCalled(issue.path, input);
  if (called !== undefined) return `${allowedBy(issue)}; write ${called} for ${String(valueAt(input, issue.path))}`;
  return `${allowedBy(issue)}${isNumber ? "; in quotes, since YAML reads 0.10 as the number 0.1" : ""}`;
}

type Stated = Record<"found" | "fix" | "value" | "shape", string | undefined>;

/** The `found` and `fix` that a rule states itself, and the `value` or the `shape` that a schema proposes. */
function statedBy(issue: z.core.$ZodIssue): Stated {
  const params: unknown = issue.code === "custom" ? issue.params : undefined;
  const at = (name: string) => textAt(params, name);
  return { found: at("found"), fix: at("fix"), value: at("value"), shape: at("shape") };
}

function proposedFix(key: string, { value, shape }: Omit<Stated, "found" | "fix">): string | undefined {
  if (value !== undefined) return set(key, value);
  return shape === undefined ? undefined : byHand(`write ${key} as ${shape}`);
}

/** Where a setting is, by the key under which users look for it. */
const elsewhere: Record<string, string> = {
  "airflow.connections": "secrets.airflow.connections, since a connection has a password",
  "airflow.env": "airflow.environment, and secrets.airflow.environment for secret values",
  "airflow.requirements": "packages in images/airflow/requirements-site.txt, which `make images` installs",
  "airflow.timezone": "airflow.config.core.default_timezone",
  "postgres.iam":
    "logins with passwords in secrets.postgres.logins: IAM logins are not supported (docs/decisions/0014-iam-logins.md)",
  "cluster.gpuNodes.acceleratorCount": "no count: cluster.gpuNodes.machineType decides it",
  kind: "cluster.kind, beside the other keys of the cluster",
  grafana: "monitoring, whose kind none or operator leaves Grafana out",
  prometheus: "monitoring",
  "minio.size": "minio.storageGiB",
  "cluster.nodes.spot": "no spot nodes for stateful pods; for a pool of tasks, set cluster.spotNodes",
};

/** A key that the schema does not have: a mistyped one, or one of another section. */
function unknownKey(path: PropertyKey[], input: Record<string, unknown>): ConfigProblem {
  const key = keyOf(path);
  const value = valueAt(input, path);
  const problem = { key, found: shown(value, key) };
  const meant = elsewhere[key] === undefined ? meantBy(path, input) : undefined;
  if (meant !== undefined) {
    const isList = nodeAt(meant, input)?.type === "array";
    const allowed = `a known key; did you mean ${keyOf(meant)}?`;
    // A default, which Pulumi.yaml has, is not a value that a user would lose.
    const isDefault = isDeepStrictEqual(nodeAt(meant, input)?.default, valueAt(input, meant));
    const own = isDefault ? replacedAt(input, meant, undefined) : input;
    return { ...problem, allowed, fix: rename(path, meant, own, isList) };
  }
  const keys = keysAt(path.slice(0, -1), input).join(", ");
  const allowed = elsewhere[key] ?? (keys === "" ? "no key here" : `a known key: ${keys}`);
  // A value of several parts may be all that a user has of it.
  const isSmall = (isScalar(value) && !isBelowSecrets(key)) || isEmpty(value);
  return {
    ...problem,
    allowed,
    fix: isSmall ? remove(key) : byHand(`remove ${key}, or move its values to another key`),
  };
}

/** The key that is the closest to a mistyped one at its place. */
function nearTo(path: readonly PropertyKey[], input: Record<string, unknown>): PropertyKey[] | undefined {
  const parent = path.slice(0, -1);
  const near = closest(String(path.at(-1)), keysAt(parent, input));
  return near === undefined ? undefined : [...parent, near];
}

/** Types of a schema that take no object. */
const plainTypes: (string | undefined)[] = ["array", "boolean", "integer", "number", "string"];

/** The key that a mistyped one means: the closest at its place, or the same in another section. */
function meantBy(path: PropertyKey[], input: Record<string, unknown>): PropertyKey[] | undefined {
  const name = String(path.at(-1));
  const near = nearTo(path, input);
  if (near !== undefined) return near;
  const others = placesOf(name)
    .map((place) => place.split("."))
    .filter((place) => keysAt(place.slice(0, -1), input).includes(place.at(-1) ?? ""))
    .filter((place) => !isObject(valueAt(input, path)) || !plainTypes.includes(nodeAt(place, input)?.type));
  // The kind of what was found says whether it is meant: a project's name is not the cluster's.
  const [only] = others;
  return others.length === 1 && only !== undefined && isSectionOf(only, input) ? only : undefined;
}

/** Whether a key can be set by itself: it brings no section that needs other keys. */
function isSectionOf(path: readonly string[], input: Record<string, unknown>): boolean {
  const section = path.slice(0, -1);
  return (
    section.length === 0 ||
    valueAt(input, section) !== undefined ||
    (nodeAt(section, input)?.required ?? []).length === 0
  );
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
      : rename(issue.path, [...issue.path.slice(0, -1), target], input);
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
      return issue.message.startsWith("Invalid input") ? (typeNames[issue.expected] ?? issue.expected) : issue.message;
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
