import { queryKubectl as run, type KubectlTarget } from "../../lib/kubernetes/kubectl.ts";
import { airflowDatabase } from "./checks/airflow-database.ts";
import type { Query, LogArgs, Snapshot } from "./check.ts";
import { parseJson } from "./read.ts";

/**
 * Queries with kubectl.
 *
 * @param unanswered is told why something did not answer
 */
export function queryCluster(target: KubectlTarget, snapshot: Snapshot, unanswered: (reason: string) => void): Query {
  return {
    logs: async (args) => {
      const { ok, stdout, stderr } = await run({ ...target, namespace: args.namespace }, logArgs(args));
      if (ok) return stdout;
      // A container that has not run yet, or whose pod has gone meanwhile, has no log.
      if (!/not found|is waiting to start|PodInitializing|ContainerCreating|no pods/i.test(stderr)) {
        unanswered(`logs of ${args.of} in ${args.namespace}: ${firstLine(stderr)}`);
      }
      return undefined;
    },
    sql: async (database, query) => {
      const client = clientOf(database, snapshot);
      if (client === undefined) return undefined;
      const args = ["exec", "--stdin", client.pod, `--container=${client.container}`, "--", ...client.command];
      const { ok, stdout, stderr } = await run(target, args, { input: query });
      if (ok) return parseJson(stdout);
      unanswered(`database ${database} in ${client.pod}: ${firstLine(stderr)}`);
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

/** A container that runs a query from its standard input and prints its one value. */
interface Client {
  pod: string;
  container: string;
  command: string[];
}

/** Postgres's own pod where it is in the cluster; else Airflow's, which has the connection to its own database alone. */
function clientOf(database: string, snapshot: Snapshot): Client | undefined {
  const { of, platform } = snapshot;
  const isHere = of("services").some(
    ({ metadata: { namespace, name } }) => namespace === platform && name === "postgres",
  );
  if (isHere) return { pod: "postgres-0", container: "postgres", command: [...psql, `--dbname=${database}`] };
  const server = of("pods").find(
    ({ metadata: { namespace, labels }, status }) =>
      namespace === platform && labels?.component === "api-server" && status.phase === "Running",
  );
  if (database !== airflowDatabase(snapshot) || server === undefined) return undefined;
  return { pod: server.metadata.name, container: "api-server", command: ["python", "-c", sqlAlchemy] };
}

const psql = [
  "psql",
  "--no-psqlrc",
  "--set=ON_ERROR_STOP=1",
  "--username=postgres",
  "--tuples-only",
  "--no-align",
  "--file=-",
];

const sqlAlchemy = `import json, os, sys, sqlalchemy
engine = sqlalchemy.create_engine(os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"])
with engine.connect() as connection:
    print(json.dumps(connection.execute(sqlalchemy.text(sys.stdin.read())).scalar()))`;

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}
