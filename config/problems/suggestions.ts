import type { z } from "zod";
import { closest } from "../../lib/closest.ts";
import { isObject } from "../../lib/json.ts";
import { keyOf, replacedAt, valueAt } from "../../lib/key-path.ts";
import {
  all,
  ask,
  askText,
  byHand,
  isBelowSecrets,
  isScalar,
  remove,
  set,
  setElement,
  setFromFile,
  setSecret,
  setWhole,
} from "../fixes.ts";
import { whySecret } from "../likely-secret.ts";
import { configSchema } from "../schema.ts";
import { keysAt, kindCalled, type Node, nodeAt, readsLikeNumber } from "./shape.ts";

/**
 * The fix of a value that the schema refuses: the value that was probably meant, if the schema accepts it. Otherwise
 * the command asks the user.
 */
export function suggestedFix(issue: z.core.$ZodIssue, input: Record<string, unknown>): string {
  const { path } = issue;
  const key = keyOf(path);
  const value = valueAt(input, path);
  const node = nodeAt(path, input) ?? {};
  if (node.file !== undefined) return setFromFile(key, node.file);
  if (isBelowSecrets(key))
    return isText(node) ? setSecret(key) : byHand(`write ${key} as ${shapeOf(path, node, input)}`);
  if (whySecret(String(path.at(-1)), value) !== undefined) return ask(key);
  const called = kindCalled(path, input);
  const likely = [...(called === undefined ? [] : [called]), ...candidates(value, node, optionsOf(issue))];
  const meant = likely.find((candidate) => isAccepted(path, candidate, input));
  if (meant !== undefined) {
    // The CLI keeps the quotes of a text that it replaces by a number.
    if (isScalar(meant) && typeof meant === typeof value) return set(key, meant);
    const list = typeof path.at(-1) === "number" ? valueAt(input, path.slice(0, -1)) : undefined;
    return Array.isArray(list) ? setElement(path, meant, list) : setWhole(key, meant);
  }
  // Nothing is lost with a key that has no value, or one value where several belong: the default takes its place.
  const isLost = value === null || (isScalar(value) && isContainer(node));
  if (isLost && isAccepted(path, undefined, input)) return remove(key);
  if (node.type === "array" && value === undefined) return ask(`${key}[0]`);
  if (node.oneOf !== undefined && value === undefined) return ask(`${key}.kind`);
  if (isContainer(node) || (value !== undefined && !isScalar(value))) {
    const isList = Array.isArray(value) && node.type === "array";
    return byHand(`write ${key} as ${isList ? issue.message : shapeOf(path, node, input)}`);
  }
  if (isText(node) && readsLikeNumber(value)) return askText(key);
  return typeof value === "string" && !isText(node) ? all([remove(key), ask(key)]) : ask(key);
}

/** Whether the schema has nothing against a value at a path, at what is below it, or at what has the value in it. */
function isAccepted(path: readonly PropertyKey[], value: unknown, input: Record<string, unknown>): boolean {
  const { error } = configSchema.safeParse(replacedAt(input, path, value));
  const begins = (whole: readonly PropertyKey[], start: readonly PropertyKey[]) =>
    start.every((step, i) => whole[i] === step);
  // An unknown key of the parent says nothing of this one.
  const concerns = ({ code, path: of }: z.core.$ZodIssue) =>
    begins(of, path) || (code !== "unrecognized_keys" && begins(path, of));
  return !(error?.issues.some(concerns) ?? false);
}

/** The values among which an issue lets a user choose. */
function optionsOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "invalid_value") return issue.values.map(String);
  return "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
}

/** What a value was probably meant to be, the most probable first. */
function* candidates(value: unknown, node: Node, options: readonly string[]): Generator {
  if (typeof value === "string") {
    const near = closest(value, options);
    if (near !== undefined) yield near;
    const longer = options.filter((option) => value !== "" && option.toLowerCase().startsWith(value.toLowerCase()));
    if (longer.length === 1) yield longer[0];
    yield* ofText(value, node);
  }
  if (value === 0 || value === 1) yield value === 1;
  if (isScalar(value)) yield [value];
  if (Array.isArray(value)) yield* ofList(value);
}

function* ofList(list: readonly unknown[]): Generator {
  if (list.length === 1) yield list[0];
  if (list.every(isScalar)) yield [...new Set(list)];
}

const yes = ["true", "yes", "on", "y", "1", "enabled"];
const no = ["false", "no", "off", "n", "0", "disabled", "none"];

function* ofText(text: string, node: Node): Generator {
  const trimmed = text.trim();
  // Of several lines, none is more likely than the others.
  if (trimmed.includes("\n")) return;
  const [number] = /^-?\d+/.exec(trimmed) ?? [];
  if (number !== undefined && node.type !== "string") yield Number(number);
  if (yes.includes(trimmed.toLowerCase())) yield true;
  if (no.includes(trimmed.toLowerCase())) yield false;
  yield trimmed;
  yield trimmed.toLowerCase();
  yield trimmed.replace(/^\w+:\/\//, "").replace(/^\/+|\/+$/g, "");
  // Of a URL or a path, a name with dashes would be another thing that passes.
  if (!/[/*]/.test(trimmed)) {
    yield trimmed.toLowerCase().replace(/[^a-z0-9]+/g, "-");
    yield trimmed.replace(/[^\w.-]+/g, "-");
  }
  // 2GB, 2 gb and 2G are 2Gi to Kubernetes, and two cores are 2.
  yield trimmed.replace(
    /^(\d+)\s*([KMGT])i?B?$/i,
    (_, digits: string, unit: string) => `${digits}${unit.toUpperCase()}i`,
  );
  yield trimmed.replace(/^(\d+(\.\d+)?m?)\s*[a-z]*$/i, "$1");
  // The region of a zone, the minor of a version, the range of an address.
  yield trimmed.replace(/-?[a-z]$/, "");
  yield trimmed.replace(/^v?(\d+\.\d+)\D.*$/, "$1");
  yield `${trimmed}/32`;
  yield trimmed.split(/[\s,]+/).filter((part) => part !== "");
}

function isText({ type, anyOf = [] }: Node): boolean {
  return type === "string" || anyOf.some(isText);
}

function isContainer({ type, properties, oneOf }: Node): boolean {
  return type === "array" || type === "object" || properties !== undefined || oneOf !== undefined;
}

function shapeOf(path: readonly PropertyKey[], node: Node, input: unknown): string {
  if (node.type === "array") {
    const keys = isObject(node.items?.properties) ? `, each with ${Object.keys(node.items.properties).join(", ")}` : "";
    return `a list${keys}`;
  }
  if (node.anyOf?.some(isContainer) === true) return "one of the allowed forms";
  if (!isContainer(node)) return "one value";
  const keys = keysAt(path, input).join(", ");
  return keys === "" ? "an object" : `an object with ${keys}`;
}
