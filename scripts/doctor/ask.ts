import { ask as run, type Place } from "../kubectl.ts";
import type { Ask, LogArgs, Seen } from "./check.ts";
import { parseJson } from "./read.ts";

/** Service and pod of the platform's Postgres, where it runs in the cluster. */
const service = "postgres";
const pod = "postgres-0";

/**
 * Asks by kubectl.
 *
 * @param unanswered is told why something did not answer
 */
export function askCluster(place: Place, seen: Seen, unanswered: (reason: string) => void): Ask {
  return {
    logs: async (args) => {
      const { ok, stdout, stderr } = await run({ ...place, namespace: args.namespace }, logArgs(args));
      if (ok) return stdout;
      // A container that has not run yet, or whose pod has gone meanwhile, has no log.
      if (!/not found|is waiting to start|PodInitializing|ContainerCreating|no pods/i.test(stderr)) {
        unanswered(`logs of ${args.of} in ${args.namespace}: ${firstLine(stderr)}`);
      }
      return undefined;
    },
    sql: async (database, query) => {
      const isHere = seen
        .of("services")
        .some(({ metadata }) => metadata.namespace === place.namespace && metadata.name === service);
      if (!isHere) return undefined;
      const psql = [
        "psql",
        "--no-psqlrc",
        "--username=postgres",
        `--dbname=${database}`,
        "--tuples-only",
        "--no-align",
      ];
      const args = ["exec", "--stdin", pod, "--container=postgres", "--", ...psql, "--file=-"];
      const { ok, stdout, stderr } = await run(place, args, { input: query });
      if (ok && stderr === "") return parseJson(stdout);
      unanswered(`database ${database} in ${pod}: ${firstLine(stderr)}`);
      return undefined;
    },
  };
}

function logArgs({ of, container, lines = 50, sinceMinutes }: LogArgs): string[] {
  return [
    ...["logs", of, `--tail=${lines}`, "--request-timeout=20s"],
    ...(container === undefined ? [] : [`--container=${container}`]),
    ...(sinceMinutes === undefined ? [] : [`--since=${sinceMinutes}m`]),
  ];
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}
