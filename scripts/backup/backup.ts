// make backup [ARGS="list"] and make restore [BACKUP=latest]: runs a command of images/backup in the cluster.
//
//   scripts/backup/backup.ts [--namespace mlops] [--context NAME] COMMAND [ARG ...]
//
// A restore stops Airflow and MLflow for its length. The exit code is the command's own; `--help` of it lists them.
import { CommandLineError, readCommand, runScript } from "../../lib/command-line.ts";
import { assertPlatform } from "../platform/platform-json.ts";
import { runBackup } from "./backup-job.ts";
import { restore } from "./restore.ts";

async function main(all: string[]): Promise<number> {
  const { values, args: rest } = readCommand(all, {
    namespace: { type: "string", default: "mlops" },
    context: { type: "string" },
    help: { type: "boolean", default: false },
  });
  const args = values.help ? ["--help"] : rest;
  if (args.length === 0) throw new CommandLineError("found no command: run `make backup ARGS=--help`");
  const target = { namespace: values.namespace, context: values.context };
  assertPlatform(target);
  return args[0] === "restore" && !args.includes("--help") ? restore(target, args) : runBackup(target, args);
}

await runScript("scripts/backup/backup.ts", main);
