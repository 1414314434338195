// node scripts/ci/comment.ts FILE: puts Markdown under the open pull request of HEAD (owner:branch) whose last commit is
// HEAD_SHA, as one comment that later calls update. Where a newer commit was pushed meanwhile, it does nothing.
import { readFileSync } from "node:fs";
import { CommandLineError, readCommand, runScript } from "../../lib/command-line.ts";
import { isObject } from "../../lib/json.ts";
import { call, find, truncated, isByBot } from "./github.ts";

const marker = "<!-- preview-diff -->";

async function main(all: string[]): Promise<void> {
  const [file] = readCommand(all, {}).args;
  if (file === undefined) throw new CommandLineError("missing argument: the FILE that contains the comment");
  const { HEAD = "", HEAD_SHA = "" } = process.env;
  const pull = await find(
    `/pulls?state=open&head=${encodeURIComponent(HEAD)}`,
    ({ head }) => isObject(head) && head.sha === HEAD_SHA,
  );
  if (pull === undefined) {
    console.log(`no open pull request of ${HEAD} has the head commit ${HEAD_SHA}`);
    return;
  }
  const comments = `/issues/${String(pull.number)}/comments`;
  const earlier = await find(comments, (one) => isByBot(one) && String(one.body).startsWith(marker));
  // The text comes from the pull request's own code: a reader has to know that.
  const note = `_Rendered offline from the code of ${HEAD_SHA.slice(0, 12)}._`;
  const body = { body: `${marker}\n${truncated(readFileSync(file, "utf8"))}\n\n${note}` };
  await (earlier === undefined
    ? call("POST", comments, body)
    : call("PATCH", `/issues/comments/${String(earlier.id)}`, body));
}

await runScript("scripts/ci/comment.ts", main);
