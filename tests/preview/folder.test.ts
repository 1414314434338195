import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkFolder, writeFolder } from "../../preview/folder.ts";

const files = (text: string, secret = new Map<string, string>()) => ({ plain: new Map([["a/b.yaml", text]]), secret });
const secrets = new Map([["c.yaml", "secret"]]);

describe("a preview's folder", () => {
  let scratch: string;
  let out: string;
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "folder-"));
    out = join(scratch, "deep", "out");
  });
  afterEach(() => rmSync(scratch, { recursive: true }));

  it("is replaced as a whole", async () => {
    await writeFolder(out, { plain: new Map([["old.yaml", "old"]]), secret: new Map() });
    await checkFolder(out, false);
    await writeFolder(out, files("new"));
    assert.equal(readFileSync(join(out, "a/b.yaml"), "utf8"), "new");
    assert.ok(!existsSync(join(out, "old.yaml")));
    assert.deepEqual(readdirSync(join(scratch, "deep")), ["out"]);
  });

  it("may be empty or missing, and nothing else that no preview wrote", async () => {
    await checkFolder(out, false);
    mkdirSync(out, { recursive: true });
    await checkFolder(out, false);
    writeFileSync(join(out, "notes.txt"), "");
    await assert.rejects(checkFolder(out, false), /is not empty and not an earlier preview/);
    await assert.rejects(checkFolder(join(out, "notes.txt"), false), /exists and is not a folder/);
  });

  it("is refused in a sentence where it cannot be written, before anything is rendered and after", async () => {
    const file = join(scratch, "file");
    writeFileSync(file, "");
    const below = join(file, "out");
    const message = `${below} cannot be written to (ENOTDIR): set OUT to a folder in which you may write`;
    await assert.rejects(checkFolder(below, false), { name: "UsageError", message });
    await assert.rejects(writeFolder(below, files("one")), { name: "UsageError", message });
  });

  it("keeps secrets that may be in use", async () => {
    await writeFolder(out, files("one", secrets));
    await assert.rejects(checkFolder(out, true), /secrets contains secrets of an earlier run/);
    await writeFolder(out, files("two"));
    assert.equal(readFileSync(join(out, "secrets/c.yaml"), "utf8"), "secret");
  });

  describe("with secrets, in a git work tree", () => {
    const git = (...args: string[]) => execFileSync("git", ["-C", scratch, ...args], { stdio: "ignore" });
    beforeEach(() => git("init", "--quiet"));

    it("must be ignored", async () => {
      await assert.rejects(checkFolder(out, true), /git does not ignore .*, which must not contain secrets/);
      writeFileSync(join(scratch, ".gitignore"), "/deep/\n");
      await checkFolder(out, true);
    });

    it("holds nothing that git tracks, ignored or not", async () => {
      await writeFolder(out, files("one"));
      git("add", ".");
      writeFileSync(join(scratch, ".gitignore"), "/deep/\n");
      await assert.rejects(checkFolder(out, true), /git tracks files in .*, which must not contain secrets/);
    });

    it("is not asked of git where there are no secrets", () => checkFolder(out, false));
  });
});
