import { knownOptions, unknownOption, type UnknownOption } from "../../components/airflow/site/options.ts";
import { keyOf, valueAt } from "../../lib/key-path.ts";
import { byHand, remove, rename } from "../fixes.ts";
import type { Rule } from "../rule.ts";
import type { StackConfig } from "../sections.ts";

type Stack = Pick<StackConfig<unknown>, "airflow" | "secrets">;

/** Options that Airflow does not read, most likely because they are misspelt: Airflow ignores them without a word. */
export function optionWarnings({ airflow, secrets }: Stack): Rule<unknown>[] {
  const options = Object.entries(airflow.config).flatMap(([section, entries]) =>
    Object.keys(entries).flatMap((option) => {
      const path = ["airflow", "config", section, option];
      return warning(path, unknownOption(section, option), (meant) => [
        ...path.slice(0, 2),
        meant.section ?? section,
        meant.option ?? option,
      ]);
    }),
  );
  const variables = [
    ...Object.keys(airflow.environment).map((name) => ["airflow", "environment", name]),
    ...Object.keys(secrets.airflow.environment).map((name) => ["secrets", "airflow", "environment", name]),
  ];
  return [...options, ...variables.flatMap(variableWarnings)];
}

/** The same of a variable that overrides an option. */
function variableWarnings(path: string[]): Rule<unknown>[] {
  const [, section, option] = /^AIRFLOW__(.+?)__(.+)$/.exec(path.at(-1) ?? "") ?? [];
  if (section === undefined || option === undefined) return [];
  return warning(path, unknownOption(section, option), (meant) => {
    const name = `AIRFLOW__${(meant.section ?? section).replaceAll(".", "_")}__${meant.option ?? option}`;
    return [...path.slice(0, -1), name.toUpperCase()];
  });
}

function warning(
  path: string[],
  unknown: UnknownOption | undefined,
  pathOf: (meant: UnknownOption) => string[],
): Rule<unknown>[] {
  if (unknown === undefined) return [];
  const isNear = unknown.section !== undefined || unknown.option !== undefined;
  const target = keyOf(pathOf(unknown));
  const { airflow: version } = knownOptions;
  const fix = (key: string, config: StackConfig<unknown>) =>
    isNear ? rename(path, target, valueAt(config, path)) : isSecret(path) ? byHand(`remove ${key}`) : remove(key);
  const allowed = `an option of Airflow ${version}${isNear ? `; did you mean ${target}?` : ", which does not read this one"}`;
  return [{ key: path, broken: () => true, allowed, fix }];
}

const isSecret = ([section]: readonly string[]) => section === "secrets";
