import "./runtime.ts";
import { dirname, join, resolve } from "node:path";
import { ConfigError } from "../config/errors.ts";
import { CommandLineError, readOptions } from "../lib/command-line.ts";
import { UsageError } from "../lib/errors.ts";
import { cliNote } from "./cli-note.ts";
import { filesOf, type PreviewFiles, toJson } from "./files.ts";
import { checkFolder, writeFolder } from "./folder.ts";
import { isRefused, evaluatePolicies } from "./policies.ts";
import { render } from "./render.ts";
import { reportOf } from "./report/report.ts";
import { Progress } from "../lib/terminal.ts";
import { textOf } from "./report/text.ts";

const usage = `usage: preview [--stack minikube] [--out folder] [--json] [--chart path] [--secrets generate] [--cwd folder]

Renders a stack offline: no cluster, no cloud account, no Pulumi CLI.

  --stack    the stack, by the name of its Pulumi.<stack>.yaml
  --out      write every object as YAML, cloud resources and the report as JSON
  --json     print the report as JSON
  --chart    a local package or folder of the Airflow chart
  --secrets  generate: write real random secrets to <out>/secrets
  --cwd      the folder with Pulumi.yaml and index.ts, instead of this project's own`;

interface Arguments {
  stack: string;
  out: string | undefined;
  json: boolean;
  chart: string | undefined;
  generate: boolean;
  folder: string;
}

function readArguments(argv: string[]): Arguments {
  const { stack, out, json, chart, secrets, cwd } = readOptions(argv, {
    stack: { type: "string", default: "minikube" },
    out: { type: "string" },
    json: { type: "boolean", default: false },
    chart: { type: "string" },
    secrets: { type: "string" },
    cwd: { type: "string", default: dirname(import.meta.dirname) },
    help: { type: "boolean", default: false },
  });
  if (secrets !== undefined && secrets !== "generate") {
    throw new CommandLineError(
      `--secrets ${secrets}: the only allowed value is generate; without --secrets, the preview shows placeholders`,
    );
  }
  if (secrets === "generate" && out === undefined) {
    throw new CommandLineError("--secrets generate needs --out: the secrets are written to <out>/secrets");
  }
  return { stack, out, json, chart, generate: secrets === "generate", folder: resolve(cwd) };
}

async function main(argv: string[]): Promise<void> {
  if (argv.includes("--help")) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const { stack, out, json, chart, generate, folder } = readArguments(argv);
  if (out !== undefined) await checkFolder(out, generate);
  const progress = new Progress();
  try {
    const rendering = await render({ folder, stack, chart, generate, onStep: (step) => progress.start(step) });
    const report = reportOf(rendering, evaluatePolicies(rendering));
    process.stdout.write(json ? toJson(report) : textOf(report));
    tell(cliNote(report.warnings.join("\n"), stack));
    if (out !== undefined) tell(await writeFiles(out, filesOf(rendering, report, generate)));
    if (report.policies.some(isRefused)) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const note = cliNote(error.message, stack);
    throw new UsageError(note === "" ? error.message : `${error.message}\n\n${note}`);
  } finally {
    progress.end();
  }
}

/** @returns what was written */
async function writeFiles(out: string, files: PreviewFiles): Promise<string> {
  await writeFolder(out, files);
  const secrets =
    files.secret.size === 0 ? "" : `, ${files.secret.size} of them with secrets in ${join(out, "secrets")}`;
  return `wrote ${files.plain.size + files.secret.size} files to ${out}${secrets}`;
}

/** Beside the report, which a program may read. */
function tell(text: string): void {
  if (text !== "") process.stderr.write(`\n${text}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  // Errors that the user can fix are messages; all others are faults of the program and show their stack.
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${error instanceof UsageError ? error.message : text}\n`);
  process.exitCode = error instanceof CommandLineError ? CommandLineError.exitCode : 1;
});
