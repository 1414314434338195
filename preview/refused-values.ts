import { keyOf } from "../lib/key-path.ts";

/** A line of helm's about a value: its JSON pointer and what is wrong with it. */
const refusal = /^\s*- at '([^']*)': (.+)$/;

/**
 * What helm says of values that the schema of Airflow's chart refuses, by the keys of the configuration: only
 * `airflow.values` has values that nothing else has checked. Other words of helm's stay as they are.
 */
export function byConfigurationKeys(words: string): string {
  const lines = words.split("\n");
  const refused = lines.flatMap((line) => {
    const [, pointer, problem] = refusal.exec(line) ?? [];
    return pointer === undefined ? [] : [`  ${keyOf(["airflow", "values", ...stepsOf(pointer)])}: ${problem}`];
  });
  if (refused.length === 0) return words;
  return ["the schema of Airflow's chart refuses values of airflow.values:", ...refused].join("\n");
}

function stepsOf(pointer: string): PropertyKey[] {
  const steps = pointer.split("/").slice(1);
  return steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll("~1", "/").replaceAll("~0", "~")));
}
