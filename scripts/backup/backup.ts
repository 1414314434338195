// make backup [ARGS="list"] and make restore [BACKUP=latest]: runs a command of images/backup in the cluster.
//
//   scripts/backup/backup.ts [--namespace mlops] [--context NAME] COMMAND [ARG ...]
//
// A restore stops Airflow and MLflow for its length. The exit code is the command's own; `--help` of it lists them.
import { runBackup } from "./backup-job.ts";
import { restore } from "./restore.ts";

const usage = "found no command: run `make backup ARGS=--help`";

async function main(all: string[]): Promise<number> {
  const { namespace = "mlops", context, args } = parse(all);
  if (args.length === 0) throw new Error(usage);
  const place = { namespace, context };
  return args[0] === "restore" && !args.includes("--help") ? restore(place, args) : runBackup(place, args);
}

/** Options before the command are this script's, all after it the command's. */
function parse(all: string[]): { namespace?: string; context?: string; args: string[] } {
  const [first, value, ...rest] = all;
  if (first === "--namespace" && value !== undefined) return { namespace: value, ...parse(rest) };
  if (first === "--context" && value !== undefined) return { context: value, ...parse(rest) };
  return { args: all };
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`scripts/backup/backup.ts: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
