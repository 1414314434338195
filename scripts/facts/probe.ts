import type { InputFacts } from "../../components/cluster/kind.ts";
import type { Plugin, Values } from "./plugin.ts";
import type { SdkInput } from "./sdk.ts";

type Value = string | number;

/** Characters that every provider allows within a name. */
const plainText = (length: number) => "a".repeat(length);
const longest = 4096;

/** Finds out what the provider accepts as an input, by values that it may refuse. */
export async function probe(plugin: Plugin, type: string, input: SdkInput): Promise<InputFacts> {
  const required = input.isRequired ? { required: true } : {};
  if (input.kind !== "text" && input.kind !== "number") return required;
  const without = await plugin.check(type, inputsAround(input, undefined)).then((said) => said.map(withoutPlace));
  const about = async (value: Value) => {
    const said = (await plugin.check(type, inputsAround(input, value))).map(withoutPlace);
    return said.filter((text) => !without.includes(text) && !/Invalid or unknown key|Missing required/.test(text));
  };
  const found = input.kind === "number" ? await ofNumber(about) : await ofText(about);
  return { ...required, ...found };
}

type Ask = (value: Value) => Promise<string[]>;

/** A refusal without where it is: a plugin names any of the inputs beside it. */
const withoutPlace = (text: string) => text.replace(/ Examine values at .*$/s, "");

/** Inputs with nothing but a value at a place; undefined: with the block around that place. */
function inputsAround({ path, lists }: SdkInput, value: Value | undefined): Values {
  const steps = path.split(".").map((name, i) => ({ name, isList: lists[i] ?? false }));
  const within = (inner: Values[string], { name, isList }: { name: string; isList: boolean }): Values => ({
    [name]: isList ? [inner] : inner,
  });
  const [last = { name: path, isList: false }, ...around] = steps.toReversed();
  return around.reduce<Values>(within, value === undefined ? {} : within(value, last));
}

async function ofNumber(about: Ask): Promise<InputFacts> {
  const said = [...(await about(-987654)), ...(await about(987654321))].join("\n");
  const values = listed(said).map(Number);
  if (values.length > 0) return { values };
  const [, low, high] = /in the range \((-?\d+) - (\d+)\)/.exec(said) ?? [];
  const least = low ?? /at least \((-?\d+)\)/.exec(said)?.[1];
  const most = high ?? /at most \((-?\d+)\)/.exec(said)?.[1];
  if (least === undefined && most === undefined) return {};
  return { range: [least === undefined ? null : Number(least), most === undefined ? null : Number(most)] };
}

async function ofText(about: Ask): Promise<InputFacts> {
  const said = (await about("?/ ")).join("\n");
  const values = listed(said);
  if (values.length > 0) return { values };
  const pattern = patternIn(said);
  const isFree = (await about(plainText(10))).length === 0;
  const length = isFree ? await lengths(about) : undefined;
  return {
    ...(pattern === undefined ? {} : { pattern }),
    ...(length === undefined ? {} : { length }),
  };
}

/** The values of `to be one of ["a" "b"]`. */
function listed(said: string): string[] {
  const [, inner = ""] = /one of:? \[([^\]]*)\]/.exec(said) ?? [];
  const quoted = [...inner.matchAll(/"([^"]*)"/g)].map(([, value = ""]) => value);
  return quoted.length > 0 ? quoted : inner.split(" ").filter((value) => value !== "");
}

/** The regular expression that a refusal quotes, where Node reads it as Go does. */
function patternIn(said: string): string | undefined {
  const [, quoted = ""] = /(?:regexp|restrictions \() ?"((?:[^"\\]|\\.)*)"/.exec(said) ?? [];
  if (!quoted.startsWith("^")) return undefined;
  const pattern = quoted.replaceAll("\\\\", "\\");
  return isReadable(pattern) ? pattern : undefined;
}

function isReadable(pattern: string): boolean {
  try {
    return new RegExp(pattern, "u").source !== "";
  } catch {
    // Go's syntax has what JavaScript's has not; such a rule stays the provider's own.
    return false;
  }
}

/** The lengths that are accepted, found by halving; undefined: any. */
async function lengths(about: Ask): Promise<InputFacts["length"]> {
  const accepts = async (length: number) => (await about(plainText(length))).length === 0;
  const most = (await accepts(longest)) ? null : await lastOf(accepts, 10, longest);
  const least = (await accepts(1)) ? null : 1 + (await lastOf(async (length) => !(await accepts(length)), 1, 10));
  return least === null && most === null ? undefined : [least, most];
}

/** The last number for which something holds, between one for which it does and one for which it does not. */
async function lastOf(holds: (number: number) => Promise<boolean>, first: number, end: number): Promise<number> {
  let [low, high] = [first, end];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
