// node scripts/ci/issue.ts TITLE FILE…: keeps one issue. With at least one of the files there it opens the issue, or updates
// the open one; with none it closes it.
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { CommandLineError, readCommand, runScript } from "../../lib/command-line.ts";
import { call, find, truncated, isByBot } from "./github.ts";

async function main(all: string[]): Promise<void> {
  const [title, ...files] = readCommand(all, {}).args;
  if (title === undefined) throw new CommandLineError("missing arguments: the issue's TITLE and its FILEs");
  const found = files.filter((file) => existsSync(file));
  const open = await find("/issues?state=open", (one) => isByBot(one) && one.title === title);
  if (found.length > 0) {
    const body = truncated([`Reported by ${run()}`, ...found.map(section)].join("\n\n"));
    if (open === undefined) await call("POST", "/issues", { title, body });
    else await call("PATCH", `/issues/${String(open.number)}`, { body });
  } else if (open !== undefined) {
    await call("PATCH", `/issues/${String(open.number)}`, { state: "closed", state_reason: "completed" });
  }
}

function run(): string {
  const { GITHUB_SERVER_URL = "", GITHUB_REPOSITORY = "", GITHUB_RUN_ID = "" } = process.env;
  return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
}

/** A file's end, where a command says what is wrong. */
function section(file: string): string {
  return `${basename(file)}\n\n\`\`\`text\n${readFileSync(file, "utf8").trim().slice(-15_000)}\n\`\`\``;
}

await runScript("scripts/ci/issue.ts", main);
