// Shell scripts name the program's files by path, which neither the compiler nor a linter follows.
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../../scripts");
const scripts = globSync("*", { cwd: folder, withFileTypes: true }).filter((found) => found.isFile());

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
