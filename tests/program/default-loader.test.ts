import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyForDefaultLoader } from "./default-loader.ts";
import { folder } from "./program-cases.ts";

describe("the copy for Pulumi's default loader", () => {
  let copy = "";
  before(() => {
    copy = mkdtempSync(join(tmpdir(), "loader-"));
    copyForDefaultLoader(folder, copy);
  });
  after(() => rmSync(copy, { recursive: true }));

  const entries = () =>
    readdirSync(copy, { recursive: true, encoding: "utf8" }).filter((path) => !path.startsWith("node_modules"));

  it("has no folder of ECMAScript modules", () => {
    assert.deepEqual(
      entries().filter((path) => path.endsWith("package.json")),
      ["package.json"],
    );
  });

  it("imports its own files as CommonJS does", () => {
    const sources = entries().filter((path) => path.endsWith(".ts"));
    assert.ok(sources.length > 100);
    const wrong = sources.filter((path) => /from "\.[^"]*\.ts"/.test(readFileSync(join(copy, path), "utf8")));
    assert.deepEqual(wrong, []);
  });
});
