import { closest } from "../lib/closest.ts";
import { isObject } from "../lib/json.ts";
import { keyOf, valueAt } from "../lib/key-path.ts";
import { whySecret } from "./likely-secret.ts";

/** A value that one command sets. */
export type Scalar = string | number | boolean;

/** Stands for the stack's name, which rules do not know. */
const stack = "<stack>";

/** A fix with the stack's name in it, which may be `organization/project/stack`; its file has the last part. */
export function ofStack(fix: string, name: string): string {
  return fix.replaceAll(`Pulumi.${stack}.`, `Pulumi.${name.split("/").at(-1) ?? ""}.`).replaceAll(stack, name);
}

/** What to know of printed fixes before they are run. */
export function notesOn(fixes: readonly string[]): string[] {
  const has = (pattern: RegExp) => fixes.some((fix) => fix.split(" && ").some((command) => pattern.test(command)));
  return [
    ...(has(/ config set .*--path '[^']*'$/)
      ? ["A `config set` command that ends with its key asks for the value."]
      : []),
    ...(has(/ < \S+$/) ? ["Replace the name after `<` with that of your file."] : []),
    ...(has(/<[a-z][\w -]*>/) ? ["Replace each <…> with a value of your own."] : []),
  ];
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

/** The command that prints an output of the deployed stack. */
export function printOutput(output: string): string {
  return `scripts/pulumi stack output --stack ${stack} ${output}`;
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

/** The command that stores a value, which need not be secret, among the encrypted ones. */
export function setSecretTo(key: string, value: string): string {
  return `${setSecret(key)} ${quoted(value)}`;
}

/** Stores a value of a plain key encrypted at a place that is free. The plain value goes last: it may be the only copy. */
export function encrypt(
  plain: readonly PropertyKey[],
  secret: readonly PropertyKey[],
  input: unknown,
  others: readonly string[] = [],
): string {
  if (isTaken(secret, input)) return keepOne(plain, secret);
  return all([...others, setSecret(keyOf(secret)), remove(keyOf(plain))]);
}

/** The command that removes a key. */
export function remove(key: string): string {
  return config("rm", key);
}

/** Removes a key, unless its value is encrypted: the file may have the only copy. */
export function removeUnlessSecret(key: string): string {
  return isBelowSecrets(key)
    ? byHand(`remove ${key}, if you have its value elsewhere or no longer need it`)
    : remove(key);
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
 * Gives a value another key, if that is free. A value of several parts is moved by hand, so that nothing is lost.
 *
 * @param isList whether the key takes a list, whose one element the value becomes
 */
export function rename(
  path: readonly PropertyKey[],
  target: readonly PropertyKey[],
  input: unknown,
  isList = false,
): string {
  if (isTaken(target, input)) return keepOne(path, target);
  const key = keyOf(path);
  const value = valueAt(input, path);
  const isShown = !isBelowSecrets(key) && whySecret(String(path.at(-1)), value) === undefined;
  if (isScalar(value) && isShown) return all([set(keyOf(isList ? [...target, 0] : target), value), remove(key)]);
  return byHand(`rename ${key} to ${keyOf(target)}`);
}

/** Gives an entry the name that was most likely meant. By hand, since the entry may be all that a user has of its values. */
export function renameEntry(path: readonly PropertyKey[], names: readonly string[], input: unknown): string {
  const meant = closest(String(path.at(-1)), names);
  if (meant === undefined) return byHand(`give ${keyOf(path)} the name of one of these clients`);
  const target = [...path.slice(0, -1), meant];
  return isTaken(target, input) ? keepOne(path, target) : byHand(`rename ${keyOf(path)} to ${keyOf(target)}`);
}

/** Whether a key has a value, which a fix must not replace. */
export function isTaken(path: readonly PropertyKey[], input: unknown): boolean {
  return valueAt(input, path) !== undefined;
}

/** Two values for one key: only the user knows which is right. */
export function keepOne(path: readonly PropertyKey[], target: readonly PropertyKey[]): string {
  return byHand(`${keyOf(target)} is also set: keep one of the two, and remove ${keyOf(path)}`);
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
