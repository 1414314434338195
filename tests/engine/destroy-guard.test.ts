import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { at, listAt, textAt } from "../../lib/json.ts";
import { folder as top } from "../program/program-cases.ts";
import { skipWithReason } from "../skip.ts";
import { findCli } from "./project.ts";

/** A protected resource in the middle of others, as a platform has them; GUARD=no: as before there was a guard. */
const program = `
import * as random from "@pulumi/random";
import { DestroyGuard, watchRegistrations } from "./components/ownership/destroy-guard.ts";

export default () => {
  const registered = watchRegistrations();
  const protect = process.env.PROTECT !== "no";
  const data = new random.RandomId("data", { byteLength: 4 }, { protect });
  new random.RandomId("reader", { byteLength: 4, keepers: { data: data.hex } });
  new random.RandomId("other", { byteLength: 4 });
  if (process.env.GUARD !== "no") new DestroyGuard("destroy-guard", registered);
};
`;

describe("a destroy without a preview", function () {
  this.timeout(180_000);
  let cli = "";
  let folder = "";
  let env: NodeJS.ProcessEnv = {};
  const pulumi = (args: string[], more: NodeJS.ProcessEnv = {}) =>
    spawnSync(cli, [...args, "--stack", "dev", "--non-interactive"], {
      cwd: folder,
      env: { ...env, ...more },
      encoding: "utf8",
    });
  const up = (more: NodeJS.ProcessEnv = {}) => {
    const { status, stdout, stderr } = pulumi(["up", "--yes", "--skip-preview"], more);
    assert.equal(status, 0, stdout + stderr);
  };
  const destroy = () => pulumi(["destroy", "--yes", "--skip-preview"]);
  /** Names of the resources in the state. */
  const left = () => {
    const state: unknown = JSON.parse(pulumi(["stack", "export"]).stdout);
    const urns = listAt(at(state, "deployment"), "resources").map((resource) => textAt(resource, "urn") ?? "");
    return urns
      .filter((urn) => urn.includes("RandomId"))
      .map((urn) => urn.split("::").at(-1))
      .sort();
  };

  before(async function () {
    cli = findCli() ?? skipWithReason(this, "no Pulumi CLI is found");
    folder = await mkdtemp(join(tmpdir(), "guard-"));
    await mkdir(join(folder, ".state"));
    for (const name of ["node_modules", "components", "lib", "config", "config.ts"]) {
      await symlink(join(top, name), join(folder, name));
    }
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
    assert.equal(pulumi(["stack", "init"]).status, 0);
  });

  after(async () => {
    if (folder !== "") await rm(folder, { recursive: true });
  });

  it("would delete all but what is protected", () => {
    up({ GUARD: "no" });
    assert.notEqual(destroy().status, 0);
    assert.deepEqual(left(), ["data"]);
  });

  it("deletes nothing where a guard stands before everything", () => {
    up();
    const { status, stdout } = destroy();
    assert.notEqual(status, 0);
    assert.match(stdout, /destroy-guard" cannot be deleted/);
    assert.deepEqual(left(), ["data", "other", "reader"]);
  });

  it("deletes everything once an update has taken the protection away", () => {
    up({ PROTECT: "no" });
    assert.equal(destroy().status, 0);
    assert.deepEqual(left(), []);
  });
});
