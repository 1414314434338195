// The project works wherever a checkout of it lies.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folder } from "../program/program-cases.ts";

const left = new Set(["node_modules", ".git", ".venv", ".state", "out"]);

describe("a checkout", function () {
  this.timeout(300_000);
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "a checkout "));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it("has lines that end as Linux ends them, whatever git is told on Windows", () => {
    const args = ["-c", "core.autocrlf=true", "checkout-index", `--prefix=${home}/`, "--all"];
    execFileSync("git", args, { cwd: folder });
    const files = globSync("{scripts,.ci,images}/**/*", { cwd: home, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    assert.ok(files.length > 100, `${files.length} files`);
    const paths = files.map(({ parentPath, name }) => join(parentPath, name));
    assert.deepEqual(
      paths.filter((path) => readFileSync(path).includes("\r\n")),
      [],
    );
  });

  it("may be below a folder with a space, and write to another one", () => {
    const copy = join(home, "my project");
    cpSync(folder, copy, { recursive: true, filter: (from) => !left.has(from.slice(folder.length + 1)) });
    symlinkSync(join(folder, "node_modules"), join(copy, "node_modules"));
    const make = (...args: string[]) =>
      spawnSync("make", ["--no-print-directory", "--old-file=node_modules/.installed", ...args], {
        cwd: copy,
        encoding: "utf8",
        env: { ...process.env, MAKEFLAGS: "" },
      });
    const preview = make("preview", "STACK=minikube", `OUT=${home}/out dir`);
    assert.equal(preview.status, 0, preview.stderr);
    assert.ok(readFileSync(join(home, "out dir", "outputs.json"), "utf8").includes("webserverUrl"));
    const recipes = make("--dry-run", "lint", "bench", "destroy", "open").stdout.split("\n");
    const naked = recipes.filter((line) => line.replaceAll(/'[^']*'/g, "").includes(copy));
    assert.deepEqual(naked, [], "the shell splits these at the space");
    const uv = spawnSync(join(copy, "scripts/uv"), ["--version"], { encoding: "utf8" });
    assert.match(uv.stdout, /^uv \d/, uv.stderr);
  });

  it("says in one sentence what to do where the packages cannot be installed", () => {
    for (const name of ["Makefile", "package.json", "package-lock.json"]) cpSync(join(folder, name), join(home, name));
    chmodSync(home, 0o555);
    // Root may write everywhere.
    const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const env = { ...process.env, MAKEFLAGS: "" };
    const { status, stderr } = spawnSync("make", ["preview"], { cwd: home, encoding: "utf8", env, ...user });
    chmodSync(home, 0o755);
    assert.equal(status, 2);
    const [sentence = "", ...rest] = stderr.trimEnd().split("\n");
    assert.match(
      sentence,
      /^the packages are not installed, and .*\/node_modules cannot be written: run make in a copy/,
    );
    assert.deepEqual(
      // A make that another one started says its level.
      rest.filter((line) => !/^make(\[\d+\])?: \*\*\*/.test(line)),
      [],
    );
  });
});
