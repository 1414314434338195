import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { isObject } from "../../../lib/json.ts";
import { badAirflow } from "./airflow.ts";
import { badEks } from "./eks.ts";
import { badExposures } from "./exposure.ts";
import { badGke } from "./gke.ts";
import { badPlatforms } from "./platform.ts";
import { valid, wrongS3 } from "./s3.ts";
import { wrongSites } from "./site.ts";

/** A wrong configuration of any table. */
export interface Wrong {
  name: string;
  config: Record<string, unknown>;
  /** A part of the key whose problem is meant. @default - every problem */
  key?: string;
}

/** A stack file with one mistake, and parts of the answer to it. */
export interface Mistake {
  mistake: string;
  /** The whole file. @default - a minikube stack with the keys of `config` */
  file?: string;
  config?: Record<string, unknown>;
  says: string[];
  /** Whether the answer is a warning. @default false */
  warns?: boolean;
}

export const mistakes = parse(readFileSync(join(import.meta.dirname, "../mistakes.yaml"), "utf8")) as Mistake[];

const minikube = { cluster: { kind: "minikube" } };

/** The wrong configurations of every table. */
export function everyWrong(): Wrong[] {
  return [
    ...[...badPlatforms, ...badGke, ...badEks, ...badAirflow, ...badExposures],
    ...Object.entries(wrongSites).map(([name, { keys, key }]) => ({ name, config: { ...minikube, ...keys }, key })),
    ...wrongS3.map(([name, change]) => ({ name, config: { ...valid, s3: { ...valid.s3, ...change } } })),
    ...mistakes.flatMap(({ mistake, file, config = {} }) => {
      const written = file === undefined ? { ...minikube, ...config } : configOf(file);
      return written === undefined ? [] : [{ name: mistake, config: written }];
    }),
  ];
}

/** The configuration of a stack's file; undefined where the file has none, or is not YAML. */
function configOf(file: string): Record<string, unknown> | undefined {
  if (!/^config:\n +mlops:\w+:/.test(file)) return undefined;
  try {
    const { config } = parse(file) as { config: unknown };
    if (!isObject(config)) return undefined;
    return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("mlops:", ""), value]));
  } catch {
    // The file is wrong as YAML.
    return undefined;
  }
}
