// scripts/ci/comment.ts, scripts/ci/issue.ts and scripts/ci/pull-request.ts, with a server in place of GitHub's API.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";

const run = promisify(execFile);
const scripts = join(import.meta.dirname, "../../scripts/ci");
const bot = { type: "Bot" };

describe("the scripts that write to GitHub", () => {
  let folder = "";
  let server: Server | undefined;
  /** What GET answers, by path without its query. */
  let lists: Record<string, object> = {};
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
        response.end(
          JSON.stringify(request.method === "GET" ? (lists[pathname] ?? []) : { sha: `sha-of-${pathname}` }),
        );
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
      GITHUB_REF_NAME: "main",
    };
    // Paths of files are below the checkout.
    await run(process.execPath, [join(scripts, script), ...args], {
      cwd: folder,
      env: { ...process.env, ...environment },
    });
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
    assert.match(
      String(body.body),
      /^<!-- preview-diff -->\n## What changes\n\n_Rendered offline from the code of c0ffee/,
    );
    assert.deepEqual(others, []);
  });

  it("comment with what deletes data in the first line that a reader sees, however long the rest is", async () => {
    lists = { "/repos/o/r/pulls": [pull] };
    await call("comment.ts", [
      file("difference.md", `# DELETES DATA (3), REPLACES (3): Preview\n\n${"x".repeat(70_000)}`),
    ]);
    assert.match(
      String(written[0]?.body.body),
      /^<!-- preview-diff -->\n# DELETES DATA \(3\), REPLACES \(3\): Preview\n/,
    );
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

  describe("with a file to propose", () => {
    const onMain = (content: string) => ({ content: Buffer.from(content).toString("base64") });
    const propose = async () => {
      file("images.lock.json", "new");
      await call("pull-request.ts", ["renew-pins", "Renew", file("pins.txt", "a table\n"), "images.lock.json"]);
    };
    beforeEach(() => {
      lists = {
        "/repos/o/r/contents/images.lock.json": onMain("old"),
        "/repos/o/r/git/ref/heads/main": { object: { sha: "base" } },
        "/repos/o/r/git/commits/base": { tree: { sha: "base-tree" } },
      };
    });

    it("open a pull request of one commit on the branch that it is for", async () => {
      await propose();
      assert.deepEqual(written, [
        { call: "POST /repos/o/r/git/blobs", body: { ...onMain("new"), encoding: "base64" } },
        {
          call: "POST /repos/o/r/git/trees",
          body: {
            base_tree: "base-tree",
            tree: [{ path: "images.lock.json", mode: "100644", type: "blob", sha: "sha-of-/repos/o/r/git/blobs" }],
          },
        },
        {
          call: "POST /repos/o/r/git/commits",
          body: { message: "Renew", tree: "sha-of-/repos/o/r/git/trees", parents: ["base"] },
        },
        {
          call: "POST /repos/o/r/git/refs",
          body: { ref: "refs/heads/renew-pins", sha: "sha-of-/repos/o/r/git/commits" },
        },
        {
          call: "POST /repos/o/r/pulls",
          body: { title: "Renew", head: "renew-pins", base: "main", body: "```text\na table\n```" },
        },
      ]);
    });

    it("update the one that is open, and its branch", async () => {
      lists["/repos/o/r/git/matching-refs/heads/renew-pins"] = [{ ref: "refs/heads/renew-pins" }];
      lists["/repos/o/r/pulls"] = [{ number: 9, head: { ref: "renew-pins" } }];
      await propose();
      assert.deepEqual(
        written.slice(3).map(({ call, body }) => [call, body.force]),
        [
          ["PATCH /repos/o/r/git/refs/heads/renew-pins", true],
          ["PATCH /repos/o/r/pulls/9", undefined],
        ],
      );
    });

    it("propose nothing where the branch has the same", async () => {
      lists["/repos/o/r/contents/images.lock.json"] = onMain("new");
      await propose();
      assert.deepEqual(written, []);
    });
  });

  it("close nothing that is not open", async () => {
    await call("issue.ts", ["Drift", join(folder, "missing.txt")]);
    assert.deepEqual(written, []);
  });
});
