import { isObject } from "../lib/json.ts";
import { keyOf } from "../lib/key-path.ts";
import { whySecret } from "./likely-secret.ts";

/** A value that one command sets. */
export type Scalar = string | number | boolean;

/** Stands for the stack's name, which rules do not know. */
const stack = "<stack>";

/** A fix with the stack's name in it, which may be `organization/project/stack`; its file has the last part. */
export function ofStack(fix: string, name: string): string {
  return fix.replaceAll(`Pulumi.${stack}.`, `Pulumi.${name.split("/").at(-1) ?? ""}.`).replaceAll(stack, name);
}

/** The command that sets a key. */
export function set(key: string, value: Scalar): string {
  const text = String(value);
  return `${config("set", key)} ${text.startsWith("-") ? "-- " : ""}${quoted(text)}`;
}

/** The command that asks for a key's value, which only the user knows. */
export function ask(key: string): string {
  return config("set", key);
}

/** The command that sets a key to an output of the deployed stack, or without one to what another command prints. */
export function setToOutput(key: string, output: string, otherwise: string): string {
  const printed = `scripts/pulumi stack output --stack ${stack} ${output} 2>/dev/null || ${otherwise}`;
  return `${config("set", key)} "$(${printed})"`;
}

/** The command that asks for a text that reads like a number. */
export function askText(key: string): string {
  return config("set", key, " --type string");
}

/** The command that sets a key to a file's content: a prompt takes one line, and a shell may lose the ends of lines. */
export function setFromFile(key: string, file: string): string {
  return `${isBelowSecrets(key) ? setSecret(key) : ask(key)} < ${file}`;
}

/** Asks for each element of a list that is wrong. */
export function askEach<T>(key: string, list: readonly T[], isWrong: (element: T) => boolean): string {
  const wrong = [...list.entries()].filter(([, element]) => isWrong(element));
  return all(wrong.map(([i]) => ask(`${key}[${i}]`)));
}

/** The command that asks for a secret value and stores it encrypted. */
export function setSecret(key: string): string {
  return config("set", key, " --secret");
}

/** The command that removes a key. */
export function remove(key: string): string {
  return config("rm", key);
}

/** The commands that give a value to a key, of any shape, in place of one of another shape. */
export function setWhole(key: string, value: unknown): string {
  return all([remove(key), ...leaves(value, key)]);
}

/**
 * The same for an element of a list: with the element removed, those after it would take its place. A list with more
 * than texts and numbers in it is changed by hand.
 */
export function setElement(path: readonly PropertyKey[], value: unknown, list: readonly unknown[]): string {
  const changed = list.map((element, i) => (i === path.at(-1) ? value : element));
  if (list.length === 1) return setWhole(keyOf(path), value);
  if (changed.every(isScalar)) return setWhole(keyOf(path.slice(0, -1)), changed);
  return byHand(`write ${keyOf(path)} as ${JSON.stringify(value)}`);
}

/**
 * Gives a value another key. A value of several parts is moved by hand, so that nothing is lost.
 *
 * @param isList whether the key takes a list, whose one element the value becomes
 */
export function rename(path: readonly PropertyKey[], target: string, value: unknown, isList = false): string {
  const key = keyOf(path);
  const isShown = !isBelowSecrets(key) && whySecret(String(path.at(-1)), value) === undefined;
  if (isScalar(value) && isShown) return all([set(isList ? `${target}[0]` : target, value), remove(key)]);
  return byHand(`rename ${key} to ${target}`);
}

/** What the user changes in an editor, because no command can. */
export function byHand(what: string): string {
  return `edit Pulumi.${stack}.yaml: ${what}`;
}

/** One command line of several. */
export const all = (commands: readonly string[]): string => commands.join(" && ");

export const isBelowSecrets = (key: string): boolean => /^secrets\b/.test(key);

export function isScalar(value: unknown): value is Scalar {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function leaves(value: unknown, key: string): string[] {
  if (isScalar(value)) return [set(key, value)];
  if (Array.isArray(value)) return value.flatMap((item, i) => leaves(item, `${key}[${i}]`));
  return isObject(value) ? Object.entries(value).flatMap(([name, item]) => leaves(item, `${key}.${name}`)) : [];
}

function config(command: string, key: string, options = ""): string {
  return `scripts/pulumi config ${command} --stack ${stack}${options} --path ${quoted(key, true)}`;
}

/** A word of a shell's command line. */
function quoted(text: string, always = false): string {
  return !always && /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
