import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { at, isObject, listAt } from "../../lib/json.ts";
import { fileOf } from "../../preview/stack.ts";

const top = join(import.meta.dirname, "../..");

/** The values in a stack's file, by key; none where the file is not in this checkout. */
export function stackValues(stack: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(join(top, fileOf(stack)), "utf8");
  } catch {
    return {};
  }
  const config = at(parse(text), "config");
  return isObject(config) ? config : {};
}

/** Whether a stack with these values has the platform, and not the layer `cluster` alone. */
export function hasPlatform(values: Record<string, unknown>): boolean {
  const layers = listAt(values, "mlops:layers");
  return layers.length === 0 || layers.includes("platform");
}
