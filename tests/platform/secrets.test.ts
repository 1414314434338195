// make secrets, with a recorder in place of the Pulumi CLI.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folder } from "../program/program-cases.ts";

describe("make secrets", function () {
  this.timeout(60_000);
  let home: string;
  let calls: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "secrets "));
    calls = join(home, "calls");
    const cli = `#!/bin/sh\nif [ "$1" != version ] && [ "$1" != stack ]; then echo "$*" >>"$CALLS"; cat >>"$CALLS"; echo "|" >>"$CALLS"; fi\n`;
    writeFileSync(join(home, "pulumi"), cli);
    chmodSync(join(home, "pulumi"), 0o755);
  });
  afterEach(() => rmSync(home, { recursive: true }));

  function run(...variables: string[]) {
    const { status, stdout, stderr } = spawnSync(
      "make",
      ["--no-print-directory", "--old-file=node_modules/.installed", "secrets", ...variables],
      {
        cwd: folder,
        encoding: "utf8",
        env: {
          ...process.env,
          CALLS: calls,
          PULUMI_CLI: join(home, "pulumi"),
          PULUMI_BACKEND_URL: "file:///nowhere",
          MAKEFLAGS: "",
        },
      },
    );
    return { status, stdout, stderr, calls: existsSync(calls) ? readFileSync(calls, "utf8") : "" };
  }

  function write(name: string, text: string): string {
    const path = join(home, name);
    writeFileSync(path, text);
    return path;
  }

  const set = (key: string) => `config set --stack minikube --secret --path secrets.projects.pageviews.${key} --raw\n`;

  it("stores each entry of a file, and runs nothing of it", () => {
    const path = write("my .env", `# a comment\nexport TOKEN=$(touch "${home}/ran")\nKEY="line one\nline two"\n`);
    const { status, stdout, stderr, calls } = run("PROJECT=pageviews", `ENV_FILE=${path}`);
    assert.equal(status, 0, stderr);
    assert.equal(calls, `${set("KEY")}line one\nline two|\n${set("TOKEN")}$(touch "${home}/ran")|\n`);
    assert.equal(existsSync(join(home, "ran")), false);
    assert.match(stdout, /stored 2 secrets of project pageviews in Pulumi\.minikube\.yaml: KEY, TOKEN\n$/);
  });

  it("stores a whole file as one value", () => {
    const key = "-----BEGIN KEY-----\nabc=\n-----END KEY-----\n";
    const { calls, stderr } = run("PROJECT=pageviews", "NAME=SSH_KEY", `FILE=${write("id", key)}`);
    assert.equal(calls, `${set("SSH_KEY")}${key}|\n`, stderr);
  });

  it("says how it is called when it is called bare, and what is wrong with a call", () => {
    const bare = run();
    assert.equal(bare.status, 2);
    assert.match(
      bare.stderr,
      /found no project with a file or a name, and no user name\nusage:\n {2}make secrets PROJECT=pageviews ENV_FILE=\.env/,
    );
    assert.match(run("PROJECT=pageviews").stderr, /usage:/);
    const path = write("env", "A=1\n-----BEGIN KEY-----\n");
    assert.match(run("PROJECT=pageviews", `ENV_FILE=${path}`).stderr, /env:2: found a line that is not NAME=value/);
    assert.match(
      run("PROJECT=nobody", `ENV_FILE=${write("ok", "A=1")}`).stderr,
      /has no project nobody; it has examples, pageviews/,
    );
    assert.equal(run("PROJECT=pageviews", `ENV_FILE=${write("name", "a-b=1")}`).calls, "");
  });
});
