import { type Owner, ownerOfSetting, ownerOfVariable } from "../../components/airflow/site/owned-settings.ts";
import { knownOptions, unknownOption, type UnknownOption } from "../../components/airflow/site/options.ts";
import { keyOf } from "../../lib/key-path.ts";
import { isTaken, keepOne, removeUnlessSecret, rename } from "../fixes.ts";
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
  const target = pathOf(unknown);
  const owner = isNear ? ownerOf(target) : undefined;
  const fix = (key: string, config: StackConfig<unknown>) => {
    if (!isNear || owner !== undefined) return removeUnlessSecret(key);
    const twin = twinOf(target);
    return isTaken(twin, config) ? keepOne(path, twin) : rename(path, target, config);
  };
  return [{ key: path, broken: () => true, allowed: allowedFor(isNear ? keyOf(target) : undefined, owner), fix }];
}

function allowedFor(meant: string | undefined, owner: Owner | undefined): string {
  const option = `an option of Airflow ${knownOptions.airflow}`;
  if (meant === undefined) return `${option}, which does not read this one`;
  if (owner === undefined) return `${option}; did you mean ${meant}?`;
  return `${option}; the platform sets ${meant}: ${"use" in owner ? `use ${owner.use}` : owner.because}`;
}

/** Who owns the option that an entry sets. */
function ownerOf(path: readonly string[]): Owner | undefined {
  const [section = "", option = ""] = path.slice(-2);
  return section === "environment" ? ownerOfVariable(option) : ownerOfSetting(section, option);
}

/** Where a variable is set if it is secret, or is not. */
const twinOf = (path: readonly string[]) => (path[0] === "secrets" ? path.slice(1) : ["secrets", ...path]);
