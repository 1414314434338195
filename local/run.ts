// Used by make airflow and make notebook: runs a program on this machine with the connections of a project's pods.
//
//   local/run.ts [--context NAME] [--namespace mlops] COMMAND [--project NAME] [-- ARG ...]
//
// local/README.md explains the connections.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Options, runLocally } from "./session.ts";
import { errorText } from "../lib/errors.ts";

const state = join(import.meta.dirname, ".state");
const usage = `usage: local/run.ts [--context NAME] [--namespace mlops] COMMAND

  airflow [--project examples] [--port 8080] [--compose] [-- ARG ...]
      runs Airflow with the DAGs of this checkout, with --compose in a container; ARG goes to airflow (default: standalone)
  notebook [--project pageviews] [-- ARG ...]
      opens the notebooks in JupyterLab; ARG goes to jupyter lab
  run --project NAME -- PROGRAM [ARG ...]
      runs any program`;

const options = {
  context: { type: "string" },
  namespace: { type: "string", default: "mlops" },
  project: { type: "string" },
  port: { type: "string", default: "8080" },
  compose: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** The options of the command line; undefined if it asks for help. */
function parse(): Options | undefined {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) return undefined;
  const [command, ...args] = positionals;
  const { namespace, context, compose, project } = values;
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`found --port ${values.port}, expected a number from 1 to 65535`);
  const rest = { target: { namespace, context }, port, compose, args };
  switch (command) {
    case "airflow":
      return { ...rest, command, project: project ?? "examples", args: args.length === 0 ? ["standalone"] : args };
    case "notebook":
      return { ...rest, command, project: project ?? "pageviews" };
    case "run":
      if (project === undefined || args.length === 0) throw new Error(`run needs --project and a program\n\n${usage}`);
      return { ...rest, command, project };
    default:
      throw new Error(`found ${command ?? "no command"}; expected airflow, notebook or run\n\n${usage}`);
  }
}

try {
  const parsed = parse();
  if (parsed === undefined) console.log(usage);
  // The forwards end with this process.
  else process.exit(await runLocally(parsed, state));
} catch (error) {
  console.error(`local/run.ts: ${errorText(error)}`);
  process.exit(1);
}
