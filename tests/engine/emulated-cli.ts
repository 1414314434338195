import { stringify } from "yaml";
import { isObject } from "../../lib/json.ts";
import { pathIn } from "./command-shape.ts";

/** What `pulumi config set` and `rm` make of a configuration: the CLI takes a second for what this does at once. */
export function applied(config: unknown, command: string, answer: string): unknown {
  const path = pathIn(command);
  if (command.includes(" config rm ")) return removedAt(config, path);
  const [, rest = "<"] = command.split(/ --path '(?:[^']|'\\'')*'/);
  const text = unquoted(rest.trim().replace(/^-- /, ""));
  const isAsked = text === "" || text.startsWith("<");
  // The CLI takes the last line's end away.
  return setAt(config, path, valueOf(isAsked ? answer.replace(/\n$/, "") : text, command));
}

function valueOf(text: string, command: string): (before: unknown) => unknown {
  return (before) => {
    // Secrets are texts, and a text that is replaced keeps its quotes if it has some.
    const isQuoted = typeof before === "string" && /^["'|>]/.test(stringify(before));
    if (/ --(secret|type string) /.test(command) || isQuoted) return text;
    if (text === "true" || text === "false") return text === "true";
    return /^(0|-?[1-9]\d*)$/.test(text) ? Number(text) : text;
  };
}

function setAt(inside: unknown, [step, ...rest]: readonly PropertyKey[], value: (before: unknown) => unknown): unknown {
  if (step === undefined) return value(inside);
  if (typeof step === "number") {
    const list: unknown[] = Array.isArray(inside) ? [...(inside as unknown[])] : [];
    list[step] = setAt(list[step], rest, value);
    return list;
  }
  const object = isObject(inside) ? inside : {};
  return { ...object, [step]: setAt(object[String(step)], rest, value) };
}

function removedAt(inside: unknown, [step, ...rest]: readonly PropertyKey[]): unknown {
  if (Array.isArray(inside)) {
    const list = inside as unknown[];
    return rest.length === 0
      ? list.filter((_, i) => i !== step)
      : list.map((one, i) => (i === step ? removedAt(one, rest) : one));
  }
  if (!isObject(inside)) return inside;
  const entries = Object.entries(inside).filter(([key]) => rest.length > 0 || key !== step);
  return Object.fromEntries(entries.map(([key, one]) => [key, key === step ? removedAt(one, rest) : one]));
}

function unquoted(word: string): string {
  return word.startsWith("'") ? word.slice(1, -1).replaceAll("'\\''", "'") : word;
}
