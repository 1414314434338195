import { type Owner, ownerOfSetting, ownerOfVariable } from "../../components/airflow/site/owned-settings.ts";
import { whereAccepted } from "../rules/accepted.ts";
import { connectionVariable, variableVariable } from "../../components/airflow/site/variables.ts";
import { keyOf } from "../../lib/key-path.ts";
import { encrypt, keepOne, setSecretTo } from "../fixes.ts";
import { hasKey, keyedRules } from "./keyed-variables.ts";
import { valueRules } from "./value-rules.ts";
import { kindOfValue, whySecret } from "../likely-secret.ts";
import type { Rule } from "../rule.ts";
import type { StackConfig } from "../sections.ts";

type Stack = StackConfig<unknown>;

/** An entry of the site's and the variable that it becomes. */
interface Variable {
  key: string[];
  name: string;
  value: unknown;
}

/** What must hold of the settings that a site gives to Airflow. */
export function airflowRules(config: Stack): Rule<unknown>[] {
  return [
    ...whereAccepted(() => settingRules(config)),
    ...whereAccepted(() => plainRules(config, "environment")),
    ...whereAccepted(() => entriesOf(config.airflow.environment).flatMap(keyedRules)),
    ...whereAccepted(() => plainRules(config, "variables")),
    ...whereAccepted(() => variableRules(config)),
    ...whereAccepted(() => valueRules(config.airflow.values)),
    ...replicaRules,
  ];
}

function settingRules({ airflow }: Stack): Rule<unknown>[] {
  return entriesOf(airflow.config).flatMap(([section, options]) =>
    entriesOf(options).flatMap(([option, value]) => {
      const key = ["airflow", "config", section, option];
      const owner = ownerOfSetting(section, option);
      return owner === undefined
        ? plainSecretRules(key, value, ["secrets", "airflow", ...secretPlace(section, option)])
        : [ownedRule(key, owner, value)];
    }),
  );
}

/** Where Airflow reads an option's value from if it is secret: a variable, or the connection that took the option's place. */
function secretPlace(section: string, option: string): string[] {
  if (section === "smtp" && option === "smtp_password") return ["connections", "smtp_default", "password"];
  return ["environment", `AIRFLOW__${section.replaceAll(".", "_")}__${option}`.toUpperCase()];
}

/** No secret in plain text; what is the platform's anyway, or has a key of its own, has its own problem. */
function plainRules({ airflow }: Stack, part: "environment" | "variables"): Rule<unknown>[] {
  return entriesOf<unknown>(airflow[part]).flatMap(([name, value]) => {
    const key = ["airflow", part, name];
    const isOther = part === "environment" && (ownerOfVariable(name) !== undefined || hasKey(name));
    return isOther ? [] : plainSecretRules(key, value, ["secrets", ...key]);
  });
}

/** Each variable once, and none of the platform's. */
function variableRules(config: Stack): Rule<unknown>[] {
  const variables = variablesOf(config);
  return variables.flatMap(({ key, name, value }, i) => {
    const owner = ownerOfVariable(name);
    if (owner !== undefined) return [ownedRule(key, owner, value)];
    const other = variables.slice(0, i).find((earlier) => earlier.name === name);
    if (other === undefined) return [];
    const found = `the variable ${name}, which ${keyOf(other.key)} sets`;
    return [
      { key, broken: () => true, found, allowed: "each variable once; capital letters make no difference in ids" },
    ];
  });
}

/** The encrypted entries first, then those with a key of their own: of two, the later one goes. */
function variablesOf({ airflow, secrets }: Stack): Variable[] {
  const named = (
    key: string[],
    entries: Readonly<Record<string, unknown>>,
    nameOf: (id: string) => string,
  ): Variable[] => entriesOf(entries).map(([id, value]) => ({ key: [...key, id], name: nameOf(id), value }));
  const secret = ["secrets", "airflow"];
  return [
    ...named([...secret, "connections"], secrets.airflow.connections, connectionVariable),
    ...named([...secret, "variables"], secrets.airflow.variables, variableVariable),
    ...named([...secret, "environment"], secrets.airflow.environment, String),
    ...named(["airflow", "variables"], airflow.variables, variableVariable),
    ...named(["airflow", "environment"], airflow.environment, String),
  ];
}

const replicaRules = (["apiServer", "scheduler", "dagProcessor", "triggerer"] as const).map((name): Rule<unknown> => ({
  key: ["airflow", "replicas", name],
  broken: ({ airflow }) => airflow.highAvailability && airflow.replicas[name] === 1,
  allowed: "2 or more with airflow.highAvailability",
  fix: "2",
}));

/** Of the entries of a record, those that the schema accepts. */
function entriesOf<Value>(record: Readonly<Record<string, Value>>): (readonly [string, Value])[] {
  return Object.keys(record).flatMap((key) =>
    whereAccepted(() => {
      const value = record[key];
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}

/** A secret's value has a text of its own; others are not shown either, since keys are among them. */
function ownedRule(key: string[], owner: Owner, value: unknown): Rule<unknown> {
  const reason = "use" in owner ? `use ${owner.use}` : owner.because;
  const found = key[0] === "secrets" ? {} : { found: kindOfValue(value) };
  return { key, broken: () => true, ...found, allowed: `nothing, since the platform sets it: ${reason}` };
}

/** The value is not shown: it need not be in a log beside the file that it is in. */
function plainSecretRules(key: string[], value: unknown, place: string[]): Rule<unknown>[] {
  const found = whySecret(String(key.at(-1)), value);
  if (found === undefined) return [];
  return [
    {
      key,
      broken: () => true,
      found,
      allowed: `nothing secret in plain text: its place is ${keyOf(place)}`,
      fix: (_, config) => encryptAt(place, key, config),
    },
  ];
}

/** A connection has a type beside its password; as a URI, it has both. */
function encryptAt(place: readonly string[], plain: readonly string[], config: Stack): string {
  const [, , part, id = ""] = place;
  if (part !== "connections") return encrypt(plain, place, config);
  const connection = config.secrets.airflow.connections[id];
  if (typeof connection === "string") return keepOne(plain, place.slice(0, 4));
  const type = connection?.type === undefined ? [setSecretTo(keyOf([...place.slice(0, 4), "type"]), "smtp")] : [];
  return encrypt(plain, place, config, type);
}
