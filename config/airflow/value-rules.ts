import { ownerOfValue } from "../../components/airflow/site/owned-values.ts";
import { isObject } from "../../lib/json.ts";
import { keyOf } from "../../lib/key-path.ts";
import { exactTag, isExact, isExactTag } from "../image-tag.ts";
import { kindOfValue, whySecret } from "../likely-secret.ts";
import type { Rule } from "../rule.ts";

interface Place {
  path: PropertyKey[];
  value: unknown;
}

interface Problem {
  found?: string;
  allowed: string;
}

/** What must hold of chart values: they break no promise of the platform. */
export function valueRules(values: Readonly<Record<string, unknown>>): Rule<unknown>[] {
  return problemsIn({ path: [], value: values }).map(({ path, ...problem }) => ({
    key: ["airflow", "values", ...path],
    broken: () => true,
    ...problem,
  }));
}

/** Problems of a value, or else of what is in it. */
function problemsIn(place: Place): (Problem & Pick<Place, "path">)[] {
  const { path, value } = place;
  const problem = path.length === 0 ? undefined : problemOf(place);
  if (problem !== undefined) return [{ path, ...problem }];
  return entriesOf(value).flatMap(([key, inner]) => problemsIn({ path: [...path, key], value: inner }));
}

function entriesOf(value: unknown): [PropertyKey, unknown][] {
  if (Array.isArray(value)) return [...value.entries()];
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

/** A variable of a container is one thing: its name tells what its value is. */
function problemOf({ path, value }: Place): Problem | undefined {
  const owner = ownerOfValue(path, value);
  if (owner !== undefined) {
    const reason = "use" in owner ? `the platform sets it: use ${owner.use}` : owner.because;
    return { found: kindOfValue(value), allowed: `nothing here: ${reason}` };
  }
  const key = String(path.at(-1));
  if (isObject(value)) return secretProblem(whySecret(String(value.name), value.value));
  if (typeof value !== "string") return undefined;
  if ((key === "tag" && !isExactTag(value)) || (key === "image" && !isExact(value))) {
    return { allowed: key === "tag" ? exactTag : `an image with ${exactTag}` };
  }
  return secretProblem(whySecret(key, value));
}

function secretProblem(found: string | undefined): Problem | undefined {
  if (found === undefined) return undefined;
  const secrets = keyOf(["secrets", "airflow", "environment"]);
  return { found, allowed: `nothing secret, since values are readable in the cluster: its place is ${secrets}` };
}
