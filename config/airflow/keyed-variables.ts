import { ownerOfVariable } from "../../components/airflow/site/owned-settings.ts";
import { keyOf } from "../../lib/key-path.ts";
import { all, ask, byHand, isTaken, keepOne, remove, type Scalar, set, setSecret } from "../fixes.ts";
import { kindOfValue, whySecret } from "../likely-secret.ts";
import type { Rule } from "../rule.ts";

/** Where a variable of Airflow's containers has a key of its own, and the command that sets the key. */
interface Place {
  path: string[];
  fix: string;
}

/** Whether the configuration has a key for what a variable sets. */
export function hasKey(name: string): boolean {
  return placeOf(name, "") !== undefined;
}

/**
 * No variable in `airflow.environment` that has a key: a connection has a password, and other pods need a proxy as
 * well, with its port open.
 */
export function keyedRules([name, value]: readonly [string, Scalar]): Rule<unknown>[] {
  const place = ownerOfVariable(name) === undefined ? placeOf(name, value) : undefined;
  if (place === undefined) return [];
  const path = ["airflow", "environment", name];
  return [
    {
      key: path,
      broken: () => true,
      // Neither a connection nor a proxy's URL need be in a log.
      found: kindOfValue(value),
      allowed: `nothing here: its place is ${keyOf(place.path)}`,
      fix: (plain, config) => {
        if (place.fix.startsWith("edit")) return place.fix;
        return isTaken(place.path, config) ? keepOne(path, place.path) : all([place.fix, remove(plain)]);
      },
    },
  ];
}

function placeOf(name: string, value: Scalar): Place | undefined {
  const [, kind, id = ""] = /^AIRFLOW_(CONN|VAR)_(.+)$/.exec(name) ?? [];
  const isSecret = kind === "CONN" || whySecret(id, value) !== undefined;
  if (kind !== undefined) {
    const part = kind === "CONN" ? "connections" : "variables";
    const path = [...(isSecret ? ["secrets"] : []), "airflow", part, id.toLowerCase()];
    const key = keyOf(path);
    return { path, fix: isSecret ? setSecret(key) : set(key, value) };
  }
  const [, protocol] = /^(https?|no)_proxy$/.exec(name.toLowerCase()) ?? [];
  if (protocol === undefined) return undefined;
  const path = ["proxy", protocol];
  const key = keyOf(path);
  if (protocol === "no") return { path, fix: byHand(`move what ${name} lists to ${key}, one element each`) };
  return { path, fix: isSecret ? ask(key) : set(key, value) };
}
