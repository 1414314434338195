import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lockSentence, locksOf } from "../../scripts/stack/stack-lock.ts";
import { folder as top } from "../program/program-cases.ts";
import { skipWithReason } from "../skip.ts";
import { findCli } from "./project.ts";

/** Ends never: the update holds the stack until it is killed. */
const program = "export default () => new Promise(() => setInterval(() => undefined, 1000));";

describe("the lock of a stack that the Pulumi CLI holds", function () {
  this.timeout(180_000);
  let cli = "";
  let folder = "";
  let env: NodeJS.ProcessEnv = {};
  let first: ChildProcess | undefined;
  const pulumi = (...args: string[]) =>
    spawnSync(cli, [...args, "--stack", "dev", "--non-interactive"], { cwd: folder, env, encoding: "utf8" });

  before(async function () {
    cli = findCli() ?? skipWithReason(this, "no Pulumi CLI is found");
    folder = await mkdtemp(join(tmpdir(), "lock-"));
    await mkdir(join(folder, ".state"));
    await symlink(join(top, "node_modules"), join(folder, "node_modules"));
    await writeFile(
      join(folder, "Pulumi.yaml"),
      "name: mlops\nruntime: {name: nodejs, options: {typescript: false}}\n",
    );
    await writeFile(join(folder, "package.json"), '{"type": "module", "main": "index.js"}');
    await writeFile(join(folder, "index.js"), program);
    env = {
      ...process.env,
      PATH: `${join(top, "node_modules/.bin")}:${process.env.PATH ?? ""}`,
      PULUMI_BACKEND_URL: `file://${folder}/.state`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    assert.equal(pulumi("stack", "init").status, 0);
  });

  after(async () => {
    first?.kill("SIGKILL");
    if (folder !== "") await rm(folder, { recursive: true, force: true });
  });

  it("names the process that holds it, which keeps a second update out", async () => {
    first = spawn(cli, ["up", "--yes", "--skip-preview", "--stack", "dev"], { cwd: folder, env, stdio: "ignore" });
    assert.equal((await lock()).pid, first.pid);
    assert.match(lockSentence("dev", await lock()), /: wait until it ends$/);
    const second = pulumi("up", "--yes", "--skip-preview");
    assert.notEqual(second.status, 0);
    assert.match(second.stderr, /the stack is currently locked by 1 lock/);
  });

  it("stays when its holder is killed, until it is cancelled", async () => {
    const ended = new Promise((resolve) => first?.on("close", resolve));
    first?.kill("SIGKILL");
    await ended;
    assert.match(lockSentence("dev", await lock()), /which was interrupted: run `scripts\/pulumi cancel --stack dev`/);
    assert.equal(pulumi("cancel", "--yes").status, 0);
    assert.deepEqual(locksOf(`file://${folder}/.state`, "dev"), []);
  });

  async function lock() {
    for (let attempt = 0; attempt < 300; attempt++) {
      const [found] = locksOf(`file://${folder}/.state`, "dev");
      if (found !== undefined) return found;
      await sleep(200);
    }
    return assert.fail("the CLI wrote no lock");
  }
});
