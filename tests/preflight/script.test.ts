// The script and `make up`, with stand-ins for the CLIs of AWS and Pulumi.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { standIn } from "../stand-in.ts";
import { awsStandIn, newAccount } from "./aws-stand-in.ts";

const top = join(import.meta.dirname, "../..");

describe("make preflight and make up", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "preflight-"));
    standIn(folder, "docker", "echo 28.2.2");
    standIn(
      folder,
      "pulumi",
      `case "$*" in "stack export "*) echo "error: no stack named 'eks' found" >&2; exit 1;; esac`,
    );
  });
  after(() => rmSync(folder, { recursive: true }));

  function run(command: string, args: string[], own: NodeJS.ProcessEnv = {}) {
    const pulumi = { PULUMI_CLI: join(folder, "pulumi"), PULUMI_BACKEND_URL: "file:///nowhere" };
    const PATH = `${folder}:/usr/bin:/bin`;
    const env = { PATH, HOME: folder, PULUMI_CONFIG_PASSPHRASE: "x", NO_COLOR: "1", ...pulumi, ...own };
    rmSync(join(folder, "calls"), { force: true });
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: top, encoding: "utf8", env });
    const calls = existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8") : "";
    return { status, stdout, stderr, calls: calls.split("\n").filter((call) => call.startsWith("pulumi")) };
  }

  const read = ["pulumi version", "pulumi version", "pulumi stack export --stack eks"];

  it("read the account and the stack's state, and print JSON for programs", () => {
    awsStandIn(folder, newAccount);
    const { status, stdout, calls } = run(process.execPath, [
      "scripts/preflight/preflight.ts",
      "--stack",
      "eks",
      "--json",
    ]);
    const { stack, failed, rows } = JSON.parse(stdout) as { stack: string; failed: number; rows: { check: string }[] };
    assert.equal(stack, "eks");
    // On EKS, a region is all that a stack needs.
    assert.deepEqual([failed, status], [0, 0], stdout);
    assert.ok(rows.length > 12);
    assert.deepEqual([...new Set(calls)], [...new Set(read)]);
  });

  it("say that nothing builds the stack's images, and what to do", () => {
    awsStandIn(folder, newAccount);
    standIn(folder, "docker", "echo 'Cannot connect to the Docker daemon.' >&2; exit 1");
    const { status, stdout } = run(process.execPath, ["scripts/preflight/preflight.ts", "--stack", "eks"]);
    standIn(folder, "docker", "echo 28.2.2");
    assert.equal(status, 1);
    assert.match(
      stdout,
      /^failed +builder +Docker's engine does not answer: Cannot connect to the Docker daemon; the stack builds 9 images +start Docker, or create a Buildx builder /m,
    );
  });

  it("stop before anything is changed, with the table", () => {
    awsStandIn(folder, [{ pattern: '"sts "*', error: "Unable to locate credentials." }]);
    const { status, stdout, calls } = run("scripts/up", ["eks", "--yes"]);
    assert.equal(status, 1);
    assert.match(stdout, /^state +check +found +what to type\n/);
    assert.match(stdout, /^failed +credentials +Unable to locate credentials\. +aws configure$/m);
    assert.match(stdout, /Nothing was changed\. SKIP_PREFLIGHT=1 deploys without these checks\./);
    assert.deepEqual([...new Set(calls)], [...new Set(read)]);
  });

  it("go on without it where the user says so", () => {
    const { stdout, calls } = run("scripts/up", ["eks", "--yes"], { SKIP_PREFLIGHT: "1" });
    assert.doesNotMatch(stdout, /credentials/);
    assert.ok(calls.includes("pulumi stack select --create eks"), calls.join("\n"));
  });

  it("name the stacks where there is none of that name", () => {
    const { status, stderr } = run(process.execPath, ["scripts/preflight/preflight.ts", "--stack", "none"]);
    assert.equal(status, 1);
    assert.match(stderr, /^scripts\/preflight\/preflight\.ts: there is no stack none: .* set STACK to one of /);
  });
});
