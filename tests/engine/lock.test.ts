import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { lockSentence, locksOf } from "../../scripts/stack/stack-lock.ts";
import { type BareProgram, bareProgram } from "./bare-program.ts";

/** Ends never: the update holds the stack until it is killed. */
const program = "export default () => new Promise(() => setInterval(() => undefined, 1000));";

describe("the lock of a stack that the Pulumi CLI holds", function () {
  this.timeout(180_000);
  let bare: BareProgram | undefined;
  let first: ChildProcess | undefined;
  const given = () => bare ?? assert.fail("there is no program");
  const pulumi = (...args: string[]) => given().pulumi(args);
  const locks = () => locksOf(`file://${given().folder}/.state`, "dev");

  before(async function () {
    bare = await bareProgram(this, program);
  });

  after(async () => {
    first?.kill("SIGKILL");
    await bare?.remove();
  });

  it("names the process that holds it, which keeps a second update out", async () => {
    const { cli, folder: cwd, env } = given();
    first = spawn(cli, ["up", "--yes", "--skip-preview", "--stack", "dev"], { cwd, env, stdio: "ignore" });
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
    assert.deepEqual(locks(), []);
  });

  async function lock() {
    for (let attempt = 0; attempt < 300; attempt++) {
      const [found] = locks();
      if (found !== undefined) return found;
      await sleep(200);
    }
    return assert.fail("the CLI wrote no lock");
  }
});
