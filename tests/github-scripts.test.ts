// scripts/comment.ts and scripts/issue.ts, with a server in place of GitHub's API.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";

const run = promisify(execFile);
const scripts = join(import.meta.dirname, "..", "scripts");
const bot = { type: "Bot" };

describe("the scripts that write to GitHub", () => {
  let folder = "";
  let server: Server | undefined;
  /** What GET answers, by path without its query. */
  let lists: Record<string, object[]> = {};
  let asked: string[] = [];
  let written: { call: string; body: Record<string, unknown> }[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "github-test-"));
    [lists, asked, written] = [{}, [], []];
    const made = createServer((request, response) => {
      void text(request).then((body) => {
        const { pathname, search } = new URL(request.url ?? "", "http://localhost");
        if (request.method === "GET") asked.push(`${pathname}${search}`);
        else
          written.push({
            call: `${request.method ?? ""} ${pathname}`,
            body: JSON.parse(body) as Record<string, unknown>,
          });
        response.end(JSON.stringify(request.method === "GET" ? (lists[pathname] ?? []) : {}));
      });
    });
    server = made;
    await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => {
    server?.close();
    rmSync(folder, { recursive: true });
  });

  async function call(script: string, args: string[]): Promise<void> {
    const address = server?.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    const environment = {
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
      GITHUB_REPOSITORY: "o/r",
      GH_TOKEN: "t",
      HEAD: "fork:a b",
      HEAD_SHA: "c0ffee",
    };
    await run(process.execPath, [join(scripts, script), ...args], { env: { ...process.env, ...environment } });
  }

  function file(name: string, content: string): string {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  }

  const pull = { number: 7, head: { sha: "c0ffee" } };

  it("comment on the pull request that ends with the commit", async () => {
    lists = { "/repos/o/r/pulls": [{ number: 6, head: { sha: "other" } }, pull] };
    await call("comment.ts", [file("difference.md", "## What changes")]);
    assert.ok(asked[0]?.startsWith("/repos/o/r/pulls?state=open&head=fork%3Aa%20b&"), asked[0]);
    const [{ call: made, body } = { call: "", body: {} }, ...others] = written;
    assert.equal(made, "POST /repos/o/r/issues/7/comments");
    assert.match(String(body.body), /^<!-- preview-diff -->\n## What changes\n\n_What the code of c0ffee says/);
    assert.deepEqual(others, []);
  });

  it("update the comment that is there, and nobody else's", async () => {
    lists = {
      "/repos/o/r/pulls": [pull],
      "/repos/o/r/issues/7/comments": [
        { id: 1, user: { type: "User" }, body: "<!-- preview-diff -->\nmine" },
        { id: 2, user: bot, body: "another workflow's" },
        { id: 3, user: bot, body: "<!-- preview-diff -->\nearlier" },
      ],
    };
    await call("comment.ts", [file("difference.md", "x".repeat(70_000))]);
    assert.deepEqual(
      written.map(({ call }) => call),
      ["PATCH /repos/o/r/issues/comments/3"],
    );
    assert.ok(String(written[0]?.body.body).length < 65_536);
  });

  it("leave a pull request alone that has a newer commit", async () => {
    lists = { "/repos/o/r/pulls": [{ number: 7, head: { sha: "newer" } }] };
    await call("comment.ts", [file("difference.md", "old")]);
    assert.deepEqual(written, []);
  });

  it("open one issue, with what each file says", async () => {
    lists = { "/repos/o/r/issues": [{ number: 1, user: { type: "User" }, title: "Drift" }] };
    await call("issue.ts", ["Drift", file("drift-gke.txt", "1 changed\n"), join(folder, "drift-eks.txt")]);
    assert.deepEqual(
      written.map(({ call, body }) => [call, body.title]),
      [["POST /repos/o/r/issues", "Drift"]],
    );
    assert.match(String(written[0]?.body.body), /drift-gke\.txt\n\n```text\n1 changed\n```$/);
  });

  it("update the open issue, and close it when nothing is wrong", async () => {
    lists = { "/repos/o/r/issues": [{ number: 4, user: bot, title: "Drift" }] };
    await call("issue.ts", ["Drift", file("drift-gke.txt", "")]);
    await call("issue.ts", ["Drift", join(folder, "missing.txt")]);
    assert.deepEqual(
      written.map(({ call, body }) => [call, body.state]),
      [
        ["PATCH /repos/o/r/issues/4", undefined],
        ["PATCH /repos/o/r/issues/4", "closed"],
      ],
    );
  });

  it("close nothing that is not open", async () => {
    await call("issue.ts", ["Drift", join(folder, "missing.txt")]);
    assert.deepEqual(written, []);
  });
});
