// Shell scripts name the program's files by path, which neither the compiler nor a linter follows.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
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
