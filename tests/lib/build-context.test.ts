import assert from "node:assert/strict";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { contextFiles, fingerprintOfFiles } from "../../lib/docker/build-context.ts";

let folder: string;

const write = (path: string, text = path) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const paths = () => contextFiles(folder).map(({ path }) => path);
const fingerprint = (of = folder) => fingerprintOfFiles(contextFiles(of));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "context-"));
  write("src/app/cli.py");
  write("uv.lock");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the files of a build's context", () => {
  it("are all of the folder, sorted", () => assert.deepEqual(paths(), ["src/app/cli.py", "uv.lock"]));

  it("are those that .dockerignore leaves, without itself", () => {
    write("tests/test_cli.py");
    write("src/app/data.csv");
    write(".dockerignore", "# only what is copied\n*\n!src\nsrc/**/*.csv\n");
    assert.deepEqual(paths(), ["src/app/cli.py"]);
  });

  it("leave out what tools leave behind", () => {
    for (const path of [
      "src/app/__pycache__/cli.cpython-311.pyc",
      "src/app/cli.pyc",
      "src/app.egg-info/PKG-INFO",
      ".venv/bin/python",
      ".mypy_cache/x.json",
    ]) {
      write(path);
    }
    assert.deepEqual(paths(), ["src/app/cli.py", "uv.lock"]);
  });

  it("know a link, which is not followed", () => {
    symlinkSync("/etc/hostname", join(folder, "link"));
    const link = contextFiles(folder).find(({ path }) => path === "link");
    assert.deepEqual([link?.link, link?.content.length], ["/etc/hostname", 0]);
  });
});

describe("the fingerprint of a build's files", () => {
  it("is the same for another checkout, another time, another umask and what a test leaves behind", () => {
    const copy = mkdtempSync(join(tmpdir(), "context-"));
    try {
      cpSync(folder, copy, { recursive: true });
      utimesSync(join(copy, "uv.lock"), 1, 1);
      chmodSync(join(copy, "uv.lock"), 0o600);
      chmodSync(join(copy, "src/app/cli.py"), 0o664);
      mkdirSync(join(copy, "src/app/__pycache__"));
      writeFileSync(join(copy, "src/app/__pycache__/cli.pyc"), "x");
      assert.equal(fingerprint(copy), fingerprint());
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });

  const changes: Record<string, () => void> = {
    "a file's content": () => write("uv.lock", "other"),
    "another file": () => write("src/app/__init__.py", ""),
    "another name": () => {
      rmSync(join(folder, "uv.lock"));
      write("uv.lock2", "uv.lock");
    },
    "the executable bit": () => chmodSync(join(folder, "uv.lock"), 0o755),
    "a link in the place of a file": () => {
      rmSync(join(folder, "uv.lock"));
      symlinkSync("src", join(folder, "uv.lock"));
    },
  };
  for (const [title, change] of Object.entries(changes)) {
    it(`changes with ${title}`, () => {
      const before = fingerprint();
      change();
      assert.notEqual(fingerprint(), before);
    });
  }
});
