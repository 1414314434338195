import type { Kind, Objects } from "./objects.ts";

/** One thing that is wrong. */
export interface Finding {
  /** The object, e.g. `pod mlops/mlflow-7d9`. */
  where: string;
  /** One line without secrets. */
  found: string;
  /** What to type. @default - the check's own */
  remedy?: string;
}

/** A known failure and how it is found: data with a function, docs/doctor.md is made from it. */
export interface Check {
  /** Names it in the output and in docs/doctor.md. */
  id: string;
  /** An `error` stops something from working, a `warning` will. */
  severity: "error" | "warning";
  looksAt: string;
  /** The problem that a finding shows, in one sentence. */
  means: string;
  /** How to fix it. */
  remedy: string;
  /** Where others have met it, the closest first. */
  threads: readonly [string, ...string[]];
  /** What it needs to have seen; where that may not be read the result says so. */
  kinds: readonly Kind[];
  find: (snapshot: Snapshot, query: Query) => Finding[] | Promise<Finding[]>;
}

/** A project of the platform. */
export interface Project {
  name: string;
  namespace: string;
  /** The default requests of a task pod. */
  requests: Record<string, string>;
}

/** The objects of the cluster at one time. */
export interface Snapshot {
  /** The platform's namespace. */
  platform: string;
  projects: readonly Project[];
  now: Date;
  /** Objects of one kind in every namespace that the doctor may read. */
  of: <K extends Kind>(kind: K) => readonly Objects[K][];
}

export interface LogArgs {
  namespace: string;
  /** `pod/name` or `job/name`. */
  of: string;
  /** @default - the first one */
  container?: string;
  /** Lines from the end. @default 50 */
  lines?: number;
  /** @default - since its start */
  sinceMinutes?: number;
}

/** Queries of the cluster, which run if the objects show that they are needed. */
export interface Query {
  /** Undefined where nothing answers; the result says why. */
  logs: (args: LogArgs) => Promise<string | undefined>;
  /**
   * Runs a query in the pod of the platform's Postgres as its superuser, or where it is outside the cluster in Airflow's.
   *
   * @param query one that gives one JSON value
   * @returns undefined where nothing answers, which the result says, and where no pod has that database
   */
  sql: (database: string, query: string) => Promise<unknown>;
}
