// node scripts/ci/pull-request.ts BRANCH TITLE BODY FILE…: proposes files of this checkout, with a text file as the body. It
// keeps one pull request, of one commit on GITHUB_REF_NAME. Where no file differs from there it does nothing.
import { readFileSync } from "node:fs";
import { CommandLineError, readCommand, runScript } from "../../lib/command-line.ts";
import { isObject } from "../../lib/json.ts";
import { call, type Entry, find, truncated } from "./github.ts";

const entryOf = (value: unknown): Entry => (isObject(value) ? value : {});

/** The id of the Git object in an answer. */
const shaOf = (value: unknown) => String(entryOf(value).sha);

/** Whether a file of this checkout has other content than a branch. */
async function differs(path: string, base: string): Promise<boolean> {
  const { content } = entryOf(await call("GET", `/contents/${path}?ref=${encodeURIComponent(base)}`));
  return !Buffer.from(String(content), "base64").equals(readFileSync(path));
}

/** Commits files on top of a branch, without a checkout's credentials; returns the commit. */
async function commit(message: string, paths: string[], base: string): Promise<string> {
  const parent = shaOf(entryOf(await call("GET", `/git/ref/heads/${base}`)).object);
  const { tree } = entryOf(await call("GET", `/git/commits/${parent}`));
  const files = [];
  for (const path of paths) {
    const content = readFileSync(path).toString("base64");
    const sha = shaOf(await call("POST", "/git/blobs", { content, encoding: "base64" }));
    files.push({ path, mode: "100644", type: "blob", sha });
  }
  const made = shaOf(await call("POST", "/git/trees", { base_tree: shaOf(tree), tree: files }));
  return shaOf(await call("POST", "/git/commits", { message, tree: made, parents: [parent] }));
}

/** Lets a branch be at a commit, whatever it had: in one step, since GitHub closes a pull request without commits. */
async function move(branch: string, sha: string): Promise<void> {
  const ref = `refs/heads/${branch}`;
  const earlier = await find(`/git/matching-refs/heads/${branch}`, (one) => one.ref === ref);
  if (earlier === undefined) await call("POST", "/git/refs", { ref, sha });
  else await call("PATCH", `/git/${ref}`, { sha, force: true });
}

async function main(all: string[]): Promise<void> {
  const [branch, title, bodyFile, ...paths] = readCommand(all, {}).args;
  if (branch === undefined || title === undefined || bodyFile === undefined)
    throw new CommandLineError("missing arguments: BRANCH, TITLE, BODY and the FILEs to propose");
  const { GITHUB_REF_NAME: base = "main", GITHUB_REPOSITORY = "" } = process.env;
  const changed = await Promise.all(paths.map((path) => differs(path, base)));
  const proposed = paths.filter((_, index) => changed[index]);
  if (proposed.length === 0) {
    console.log(`${paths.join(", ")}: no change from ${base}`);
    return;
  }
  await move(branch, await commit(title, proposed, base));
  const body = truncated(`\`\`\`text\n${readFileSync(bodyFile, "utf8").trim()}\n\`\`\``);
  const [owner = ""] = GITHUB_REPOSITORY.split("/");
  const head = encodeURIComponent(`${owner}:${branch}`);
  const open = await find(`/pulls?state=open&head=${head}`, (one) => entryOf(one.head).ref === branch);
  if (open === undefined) await call("POST", "/pulls", { title, head: branch, base, body });
  else await call("PATCH", `/pulls/${String(open.number)}`, { title, body });
}

await runScript("scripts/ci/pull-request.ts", main);
