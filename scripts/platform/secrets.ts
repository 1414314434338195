// make secrets PROJECT=name ENV_FILE=.env [STACK=minikube]: stores each entry of an env file encrypted in the stack's
// configuration. Values go to the CLI through its standard input and are never printed.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { CommandLineError, readOptions, runScript } from "../../lib/command-line.ts";
import { errorText } from "../../lib/errors.ts";

const pulumi = join(import.meta.dirname, "../pulumi");

function main(args: string[]): void {
  const {
    project = "",
    "env-file": envFile = "",
    stack,
  } = readOptions(args, {
    project: { type: "string" },
    "env-file": { type: "string" },
    stack: { type: "string", default: "minikube" },
  });
  if (project === "" || envFile === "")
    throw new CommandLineError("found no project or file: run `make secrets PROJECT=pageviews ENV_FILE=.env`");
  const entries = Object.entries(read(envFile));
  const wrong = entries.map(([key]) => key).filter((key) => !/^[A-Z_][A-Z0-9_]*$/.test(key));
  if (wrong.length > 0)
    throw new Error(`${envFile}: found the names ${wrong.join(", ")}; allowed: A-Z, 0-9 and _, as in API_TOKEN`);
  if (entries.length === 0) throw new Error(`${envFile}: found no entry; write one NAME=value per line`);
  for (const [key, value] of entries) store(stack, `secrets.projects.${project}.${key}`, value ?? "");
  console.log(
    `stored ${entries.length} secrets of project ${project} in Pulumi.${stack}.yaml: ${entries.map(([key]) => key).join(", ")}`,
  );
}

function read(path: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`cannot read ${path}: ${errorText(error)}`);
  }
}

function store(stack: string, key: string, value: string): void {
  const { status } = spawnSync(pulumi, ["config", "set", "--stack", stack, "--secret", "--path", key], {
    input: value,
    stdio: ["pipe", "inherit", "inherit"],
  });
  if (status !== 0) throw new Error(`could not store ${key}; later entries were not stored`);
}

await runScript("scripts/platform/secrets.ts", main);
