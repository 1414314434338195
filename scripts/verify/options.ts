import type { Place } from "../platform/kubectl.ts";

export interface Options {
  place: Place;
  /** Of an Airflow outside of the cluster. @default - that of the platform's namespace */
  airflowUrl: string | undefined;
  /** Parts that this platform runs without, such as `grafana`. */
  without: string[];
  /** Names of checks. @default - all */
  only: string[] | undefined;
  /** Print the report as JSON. */
  json: boolean;
}

export const usage =
  "usage: scripts/verify/verify.ts [--namespace mlops] [--context NAME] [--airflow-url URL] [--without PART,…] [--only CHECK,…] [--json]; the administrator's " +
  "password of an Airflow outside of the cluster is in AIRFLOW_ADMIN_PASSWORD";

/** Reads the command line; throws for what it does not know. */
export function parse(args: string[]): Options {
  const [first, value, ...rest] = args;
  if (first === undefined) {
    return {
      place: { namespace: "mlops", context: undefined },
      airflowUrl: undefined,
      without: [],
      only: undefined,
      json: false,
    };
  }
  if (first === "--json") return { ...parse(args.slice(1)), json: true };
  if (value === undefined || value.startsWith("--")) throw new Error(`found ${first} without a value; ${usage}`);
  const others = parse(rest);
  switch (first) {
    case "--namespace":
      return { ...others, place: { ...others.place, namespace: value } };
    case "--context":
      return { ...others, place: { ...others.place, context: value } };
    case "--airflow-url":
      return { ...others, airflowUrl: value.replace(/\/$/, "") };
    case "--without":
      return { ...others, without: value.split(",") };
    case "--only":
      return { ...others, only: value.split(",") };
    default:
      throw new Error(`found ${first}; ${usage}`);
  }
}
