// Shell scripts name the program's files by path, which neither the compiler nor a linter follows.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { standIn } from "../stand-in.ts";

const folder = join(import.meta.dirname, "../../scripts");
const scripts = globSync("*", { cwd: folder, withFileTypes: true }).filter((found) => found.isFile());

describe("scripts/pulumi", () => {
  const script = join(folder, "pulumi");
  /** What the CLI finds in its environment. */
  const optionWith = (own: NodeJS.ProcessEnv) => {
    const scratch = mkdtempSync(join(tmpdir(), "pulumi-"));
    try {
      const PULUMI_CLI = standIn(scratch, "pulumi", 'echo "$1 $PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL"');
      const state = { PULUMI_BACKEND_URL: "file:///nowhere", PULUMI_CONFIG_PASSPHRASE: "x" };
      return execFileSync(script, ["up"], { encoding: "utf8", env: { ...process.env, ...state, PULUMI_CLI, ...own } });
    } finally {
      rmSync(scratch, { recursive: true });
    }
  };

  it("lets the engine download only the providers that a stack uses, unless the environment says otherwise", () => {
    assert.equal(optionWith({ PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL: undefined }), "up true\n");
    assert.equal(optionWith({ PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL: "false" }), "up false\n");
  });
});

describe("scripts/cli", () => {
  it("runs the installer with the version that package.json pins, and says how to go on where it is not reached", () => {
    const scratch = mkdtempSync(join(tmpdir(), "cli-"));
    try {
      const env = { ...process.env, PATH: `${scratch}:${process.env.PATH ?? ""}` };
      const run = () => spawnSync(join(folder, "cli"), { encoding: "utf8", env });
      standIn(scratch, "curl", `echo 'echo installing "$@"'`);
      assert.match(run().stdout, /^installing --version \d+\.\d+\.\d+\n$/);
      standIn(scratch, "curl", "echo 'curl: (22) The requested URL returned error: 403' >&2; exit 22");
      const { status, stderr } = run();
      assert.equal(status, 1);
      assert.match(
        stderr,
        /\nthe Pulumi CLI is not installed\. .* set HTTPS_PROXY\. .* PULUMI_CLI .*: docs\/site\.md, /,
      );
    } finally {
      rmSync(scratch, { recursive: true });
    }
  });
});

describe("the shell scripts", () => {
  it("start files that exist", () => {
    const started = scripts.flatMap(({ name }) =>
      [...readFileSync(join(folder, name), "utf8").matchAll(/"\$here\/([\w/.-]+\.ts)"/g)].map(([, path = ""]) => path),
    );
    assert.ok(started.length > 0, "no script starts a file: the pattern is out of date");
    assert.deepEqual(
      started.filter((path) => !existsSync(join(folder, path))),
      [],
    );
  });
});
