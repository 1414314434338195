import assert from "node:assert/strict";
import { at, listAt, textAt } from "../../lib/json.ts";
import { type BareProgram, bareProgram } from "./bare-program.ts";

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
  let bare: BareProgram | undefined;
  const pulumi = (args: string[], more: NodeJS.ProcessEnv = {}) =>
    (bare ?? assert.fail("there is no program")).pulumi(args, more);
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
    bare = await bareProgram(this, program, ["components", "lib", "config", "config.ts"]);
  });

  after(() => bare?.remove());

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
