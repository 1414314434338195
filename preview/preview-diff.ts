import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { settingsOf } from "../policy/settings.ts";
import { commitOf, withCheckout } from "./report/base.ts";
import { stackChanges, type StackChanges } from "./report/changes.ts";
import { CommandLineError, readOptions } from "../lib/command-line.ts";
import { toolsFolder } from "../lib/programs/tools.ts";
import { UsageError } from "../lib/errors.ts";
import { toJson } from "./files.ts";
import { isObject } from "../lib/json.ts";
import { markdownOf } from "./report/markdown.ts";
import type { Report } from "./report/report.ts";
import { readStack, stacksOf } from "./stack.ts";
import { Progress } from "../lib/terminal.ts";

const usage = `usage: preview-diff [--base origin/main] [--stack all] [--json] [--chart path] [--cwd folder]

Renders stacks offline from the working tree and from a commit, and prints the difference as Markdown.
Lists replaced resources and deleted data first.
With all, a stack whose preview fails does not stop the others.
Exits with 1 if a preview fails, a change violates a mandatory policy, or a change deletes data that the stack's
allowDataLoss does not name.

  --base     the commit to compare with
  --stack    the stack, by the name of its Pulumi.<stack>.yaml, or all
  --json     print the difference as JSON
  --chart    a local package or folder of the Airflow chart, for both sides
  --cwd      the project's folder, instead of this one`;

interface Arguments {
  base: string;
  stack: string;
  json: boolean;
  chart: string | undefined;
  folder: string;
}

function readArguments(argv: string[]): Arguments {
  const { chart, cwd, base, stack, json } = readOptions(argv, {
    base: { type: "string", default: "origin/main" },
    stack: { type: "string", default: "all" },
    json: { type: "boolean", default: false },
    chart: { type: "string" },
    cwd: { type: "string", default: dirname(import.meta.dirname) },
    help: { type: "boolean", default: false },
  });
  return { base, stack, json, chart: chart === undefined ? undefined : resolve(chart), folder: resolve(cwd) };
}

async function main(argv: string[]): Promise<void> {
  if (argv.includes("--help")) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const { base, stack, json, chart, folder } = readArguments(argv);
  const progress = new Progress();
  const onStep = (step: string) => progress.start(step);
  try {
    const commit = await commitOf(folder, base);
    const found = await withCheckout({ folder, commit, onStep }, async (earlier) => {
      const found: Comparisons = { compared: [], failed: [] };
      for (const name of stacksToCompare(stack, folder, earlier)) {
        onStep(`previewing ${name} here and at ${base}`);
        await compare(name, { folder, earlier, base, chart }).then(
          (changes) => found.compared.push(changes),
          (error: unknown) => {
            // One stack alone: there are no others to show.
            if (stack !== "all" || !(error instanceof UsageError)) throw error;
            found.failed.push({ stack: name, reason: error.message });
          },
        );
      }
      return found;
    });
    report({ base, commit, json, ...found });
  } finally {
    progress.end();
  }
}

interface Comparisons {
  compared: StackChanges[];
  /** Stacks without a preview on one side, and why. */
  failed: { stack: string; reason: string }[];
}

interface Sides extends Pick<Arguments, "folder" | "base" | "chart"> {
  /** The folder of the commit. */
  earlier: string;
}

async function compare(name: string, { folder, earlier, base, chart }: Sides): Promise<StackChanges> {
  const [before, after] = await Promise.all([
    previewOf(earlier, name, chart, base),
    previewOf(folder, name, chart, "the working tree"),
  ]);
  const settings = settingsOf(after === undefined ? {} : readStack(folder, name).config);
  return stackChanges(name, before, after, settings);
}

/** Prints the differences, and what could not be compared; sets the exit code. */
function report({
  base,
  commit,
  json,
  compared,
  failed,
}: Comparisons & { base: string; commit: string; json: boolean }) {
  process.stdout.write(json ? toJson({ base, commit, stacks: compared, failed }) : markdownOf(compared, base, failed));
  for (const { stack, reason } of failed) {
    const [what = ""] = reason.split(/:?\n/);
    process.stderr.write(`${stack} is not compared, since ${what}; the output says why\n`);
  }
  const isRefused = compared.some(({ policies }) =>
    policies.broken.some(({ enforcement }) => enforcement !== "advisory"),
  );
  if (isRefused || failed.length > 0) process.exitCode = 1;
}

function stacksToCompare(stack: string, folder: string, earlier: string): string[] {
  const known = [...new Set([...stacksOf(folder), ...stacksOf(earlier)])].toSorted();
  if (stack === "all") return known;
  if (known.includes(stack)) return [stack];
  throw new UsageError(`there is no stack "${stack}" on either side; stacks: ${known.join(", ")}, or all`);
}

/** The report of a folder's own preview; undefined if the folder does not have the stack. */
async function previewOf(
  folder: string,
  stack: string,
  chart: string | undefined,
  where: string,
): Promise<Report | undefined> {
  if (!stacksOf(folder).includes(stack)) return undefined;
  const script = join(folder, "preview/preview.ts");
  if (!existsSync(script))
    throw new UsageError(`${where} is older than \`make preview\`: name a newer commit with BASE=…`);
  const withChart = chart === undefined ? [] : ["--chart", chart];
  const child = spawn(process.execPath, [script, "--stack", stack, "--json", ...withChart], {
    cwd: folder,
    env: { ...process.env, MLOPS_TOOLS: toolsFolder() },
  });
  const [out, errors] = [collect(child.stdout), collect(child.stderr)];
  await new Promise((done) => child.on("close", done));
  const report: unknown = out.text === "" ? undefined : JSON.parse(out.text);
  // It ends with 1 when a policy is broken too; then there is a report.
  if (isReport(report)) return report;
  throw new UsageError(`the preview of ${stack} at ${where} fails:\n${withoutProgress(errors.text)}`);
}

function withoutProgress(text: string): string {
  return text.replace(/^.* …\n/gm, "").trim();
}

function collect(stream: NodeJS.ReadableStream): { text: string } {
  const collected = { text: "" };
  stream.setEncoding("utf8").on("data", (text: string) => (collected.text += text));
  return collected;
}

function isReport(value: unknown): value is Report {
  return isObject(value) && Array.isArray(value.resources);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${error instanceof UsageError ? error.message : text}\n`);
  process.exitCode = error instanceof CommandLineError ? CommandLineError.exitCode : 1;
});
