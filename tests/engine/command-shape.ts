import { valueAt } from "../../lib/key-path.ts";

/** The path of a command's key, as `--path 'a.b[0]["c.d"]'` writes it. */
export function pathIn(command: string): PropertyKey[] {
  const [, key = / config \w+ --stack \S+ (\w+)/.exec(command)?.[1] ?? ""] =
    /--path '((?:[^']|'\\'')*)'/.exec(command) ?? [];
  const steps = key.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g);
  return [...steps].map(([, quoted, index, name]) => (index === undefined ? (quoted ?? name ?? "") : Number(index)));
}

/**
 * What of a fix decides how the CLI takes it: verbs and options, whether the steps of the path are names or elements,
 * the kind of the value, and what was there before. Fixes of one shape differ in names and words alone.
 */
export function shapeOf(fix: string, config: unknown): string {
  const commands = fix.split(" && ").map((command) => {
    const path = pathIn(command);
    const [before = "", after = ""] = command.split(/ --path '(?:[^']|'\\'')*'/);
    const verbs = before.replace(/ --stack \S+/, "");
    const steps = path.map((step) => (typeof step === "number" ? "[]" : /^\w+$/.test(step as string) ? "." : '["]'));
    return [verbs, steps.join(""), kindOfWord(after.trim()), kindOf(valueAt(config, path))].join(" ");
  });
  return commands.join(" && ");
}

function kindOfWord(word: string): string {
  if (word.startsWith("-- ")) return "negative";
  if (/^<|^$/.test(word)) return word.slice(0, 1) || "asks";
  if (/^\d+(\.\d+)?$|^(true|false)$/.test(word)) return "literal";
  return word.startsWith("'") ? "quoted" : "word";
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return `list of ${Math.min(value.length, 2)}`;
  return value === null ? "null" : typeof value;
}
