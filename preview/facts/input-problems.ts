import { clouds } from "../../components/cluster/kinds.ts";
import { UsageError } from "../../lib/errors.ts";
import { isObject } from "../../lib/json.ts";
import { keyOf } from "../../lib/key-path.ts";
import { merged } from "../../lib/merged.ts";
import type { Registration } from "../../lib/recording.ts";
import type { InputFacts, TypeFacts } from "../../components/cluster/kind.ts";

const known = merged(clouds.map(({ facts }) => facts?.types ?? {}));

type Inputs = Pick<Registration, "type" | "name" | "inputs" | "secretPaths">;

/** What the providers would refuse, all at once; it is told before anything else of a preview. */
export class RefusedInputs extends UsageError {
  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? "1 input" : `${problems.length} inputs`;
    super(`the cloud's provider refuses ${count}:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.name = "RefusedInputs";
  }
}

/** What a provider would refuse of a resource's inputs, by the facts about its type; one line each. */
export function inputProblems({ type, name, inputs, secretPaths }: Inputs): string[] {
  const facts = known[type];
  if (facts === undefined) return [];
  const isSecret = (key: string) => secretPaths.some((path) => path === key || key.startsWith(`${path}.`));
  const shown = (value: unknown, key: string) => (isSecret(key) ? "[secret]" : JSON.stringify(value));
  return problemsBelow(facts, inputs, [], shown).map((problem) => `${name} (${type}) ${problem}`);
}

type Shown = (value: unknown, key: string) => string;

function problemsBelow(facts: TypeFacts, value: unknown, steps: readonly PropertyKey[], shown: Shown): string[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => problemsBelow(facts, item, [...steps, i], shown));
  const path = pathOf(steps);
  if (isObject(value) && (path === "" || isBlock(facts, path))) {
    const inner = Object.entries(value).flatMap(([key, each]) => problemsBelow(facts, each, [...steps, key], shown));
    return [...missing(facts, value, steps), ...inner];
  }
  const fact = facts[path];
  const key = keyOf(steps);
  if (fact === undefined) return [`${key}: found ${shown(value, key)}; allowed: nothing, the type has no such input`];
  const allowed = allowedInstead(fact, value);
  return allowed === undefined ? [] : [`${key}: found ${shown(value, key)}${sizeOf(value)}; allowed: ${allowed}`];
}

const pathOf = (steps: readonly PropertyKey[]) => steps.filter((step) => typeof step === "string").join(".");

/** Whether the inputs below a path are known one by one; a map's keys are the user's. */
function isBlock(facts: TypeFacts, path: string): boolean {
  return Object.keys(facts).some((known) => known.startsWith(`${path}.`));
}

function missing(facts: TypeFacts, value: Record<string, unknown>, steps: readonly PropertyKey[]): string[] {
  const path = pathOf(steps);
  const prefix = path === "" ? "" : `${path}.`;
  return Object.entries(facts)
    .filter(([known, { required }]) => required === true && known.startsWith(prefix))
    .map(([known]) => known.slice(prefix.length))
    .filter((input) => !input.includes(".") && value[input] === undefined)
    .map((input) => `${keyOf([...steps, input])}: not set; expected: a value`);
}

const sizeOf = (value: unknown) => (typeof value === "string" ? `, ${value.length} characters` : "");

/** What the provider accepts instead of a value; undefined: it is accepted. */
function allowedInstead({ values, range, length, pattern }: InputFacts, value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  if (values !== undefined && !values.map(String).includes(String(value))) return values.join(", ");
  if (range !== undefined && !isWithin(range, Number(value))) return textOf(range);
  if (typeof value !== "string") return undefined;
  if (length !== undefined && !isWithin(length, value.length)) return `${textOf(length)} characters`;
  return pattern === undefined || new RegExp(pattern, "u").test(value) ? undefined : pattern;
}

function isWithin([least, most]: readonly (number | null)[], number: number): boolean {
  return number >= (least ?? -Infinity) && number <= (most ?? Infinity);
}

function textOf([least, most]: readonly (number | null)[]): string {
  if (typeof most !== "number") return `at least ${String(least)}`;
  return typeof least === "number" ? `${least} to ${most}` : `at most ${most}`;
}
