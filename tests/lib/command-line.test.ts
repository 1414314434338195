import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CommandLineError, readCommand, readOptions } from "../../lib/command-line.ts";

const top = join(import.meta.dirname, "../..");
const options = { namespace: { type: "string", default: "mlops" }, json: { type: "boolean" } } as const;

const refuses = (args: string[], message: string) =>
  assert.throws(() => readOptions(args, options), new CommandLineError(message));

describe("readOptions", () => {
  it("reads options, with their defaults", () => {
    assert.deepEqual({ ...readOptions(["--json"], options) }, { namespace: "mlops", json: true });
    assert.deepEqual({ ...readOptions(["--namespace=ml"], options) }, { namespace: "ml" });
  });

  it("says in one sentence what it does not take, and what it does", () => {
    const known = "the options are --namespace, --json";
    refuses(["--stak", "x"], `Unknown option '--stak'; ${known}`);
    refuses(["--namespace"], `Option '--namespace <value>' argument missing; ${known}`);
    refuses(["--namespace", "--json"], `Option '--namespace' argument is ambiguous; ${known}`);
    refuses(["x.y"], `Unexpected argument 'x.y'; ${known}`);
    assert.throws(() => readOptions(["-x"], {}), new CommandLineError("Unknown option '-x'; it takes no options"));
  });
});

describe("readCommand", () => {
  it("reads its own options and leaves the command's", () => {
    const { values, args } = readCommand(["--namespace", "ml", "list", "--json", "--all"], options);
    assert.deepEqual({ ...values }, { namespace: "ml" });
    assert.deepEqual(args, ["list", "--json", "--all"]);
    assert.deepEqual(readCommand([], options).args, []);
  });

  it("refuses an unknown option before the command", () => {
    assert.throws(() => readCommand(["--all", "list"], options), CommandLineError);
  });
});

describe("every script", () => {
  it("reads its command line by lib/command-line.ts", () => {
    const others = globSync("scripts/**/*.ts", { cwd: top }).filter((path) =>
      /process\.argv\.slice|parseArgs/.test(readFileSync(join(top, path), "utf8")),
    );
    assert.deepEqual(others, []);
  });

  for (const script of ["scripts/stack/deploy.ts", "scripts/ci/pins.ts"]) {
    it(`ends with 2 and one sentence for an unknown option: ${script}`, () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--stak"], {
        cwd: top,
        encoding: "utf8",
      });
      assert.match(stderr, new RegExp(`^${script}: Unknown option '--stak'; [^\n]+\n$`));
      assert.deepEqual([status, stdout], [2, ""]);
    });
  }
});
