import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../../lib/json.ts";

const top = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(top, path), "utf8");
const version = (path: string, pattern: RegExp) => pattern.exec(read(path))?.[1] ?? `none in ${path}`;

describe("the development container", () => {
  const dockerfile = ".devcontainer/Dockerfile";

  it("has the Node that package.json pins", () => {
    const { devDependencies } = JSON.parse(read("package.json")) as Record<string, unknown>;
    assert.ok(isObject(devDependencies));
    assert.equal(version(dockerfile, /\/node:([\d.]+)-/), devDependencies.node);
  });

  it("has the checks' own actionlint and promtool", () => {
    for (const [pattern, path] of [
      [/cmd\/actionlint@(\S+)/, ".github/workflows/checks.yml"],
      [/prometheus\/prometheus[@ ](v\S+)/, ".ci/run"],
    ] as const) {
      assert.equal(version(dockerfile, pattern), version(path, pattern));
    }
  });

  it("calls make targets that exist when it is made", () => {
    const { postCreateCommand } = JSON.parse(read(".devcontainer/devcontainer.json")) as Record<string, unknown>;
    const [, targets = ""] = /^make (.+) && scripts\/uv --version$/.exec(String(postCreateCommand)) ?? [];
    assert.deepEqual(targets.split(" "), ["hooks", "cli", "node_modules/.installed"]);
    for (const target of targets.split(" ")) assert.match(read("Makefile"), new RegExp(`^${target}:`, "m"));
  });
});
