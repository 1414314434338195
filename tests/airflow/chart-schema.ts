import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { isObject } from "../../lib/json.ts";

type Schema = Record<string, unknown>;

const path =
  process.env.AIRFLOW_CHART_SCHEMA ?? join(import.meta.dirname, "../../../shared/airflow-chart/values.schema.json");

/** The chart's own schema of its values; a sentence where it is not there. */
export function chartSchema(): Schema | string {
  if (!existsSync(path)) return "AIRFLOW_CHART_SCHEMA names no schema of the Airflow chart";
  const schema: unknown = JSON.parse(readFileSync(path, "utf8"));
  return isObject(schema) ? schema : "AIRFLOW_CHART_SCHEMA names a file that is no schema";
}

/** The schema's format and its extra words are for its documentation. */
export function validator(schema: Schema): ValidateFunction {
  return new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
}

/**
 * Keys that a schema does not declare, also where it would let them pass.
 *
 * A place that declares no key at all is a map of the user's own, e.g. of labels.
 */
export function unknownKeys(value: unknown, schema: Schema, root: Schema = schema, at = ""): string[] {
  const { properties, additionalProperties, items } = resolved(schema, root);
  if (Array.isArray(value)) {
    return isObject(items) ? value.flatMap((item, i) => unknownKeys(item, items, root, `${at}[${i}]`)) : [];
  }
  if (!isObject(value) || (!isObject(properties) && !isObject(additionalProperties))) return [];
  const declared = isObject(properties) ? properties : {};
  return Object.entries(value).flatMap(([key, entry]) => {
    const inside = declared[key] ?? additionalProperties;
    const place = at === "" ? key : `${at}.${key}`;
    return isObject(inside) ? unknownKeys(entry, inside, root, place) : [place];
  });
}

function resolved(schema: Schema, root: Schema): Schema {
  const { $ref: reference } = schema;
  if (typeof reference !== "string") return schema;
  const target = reference
    .replace(/^#\//, "")
    .split("/")
    .reduce<unknown>((part, key) => (isObject(part) ? part[key] : undefined), root);
  if (!isObject(target)) throw new Error(`the schema has no ${reference}`);
  return resolved(target, root);
}

/** Keys that the chart's own values do not have, as far as those say which they take. */
export function keysWithoutDefault(value: unknown, defaults: unknown, at = ""): string[] {
  // An empty map or null is filled by the user; what belongs there, only the schema knows.
  if (!isObject(value) || !isObject(defaults) || Object.keys(defaults).length === 0) return [];
  return Object.entries(value).flatMap(([key, entry]) => {
    const place = at === "" ? key : `${at}.${key}`;
    return key in defaults ? keysWithoutDefault(entry, defaults[key], place) : [place];
  });
}
