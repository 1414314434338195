import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { planBuilds } from "../../components/own-images/build.ts";
import { stage, stagedAt } from "../../components/own-images/stage.ts";
import { isExactTag } from "../../config/image-tag.ts";
import { folder } from "../program/program-cases.ts";

const amd64 = ["linux/amd64"] as const;

describe("a build of an own image", () => {
  let root: string;
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const bake = (target: object) =>
    write(
      "images/docker-bake.json",
      JSON.stringify({ target: { app: { context: "images/app", tags: [], ...target } } }),
    );
  const plan = (platforms: Parameters<typeof planBuilds>[1] = amd64) => {
    const [build] = planBuilds(["app"], platforms, root);
    assert.ok(build);
    return build;
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "builds-"));
    write("images/app/Dockerfile", "FROM docker.io/library/debian:12.1-slim\n");
    write("images/app/src/app.py", "print()");
    write("images/app/.dockerignore", "*\n!src\n");
    write("dags/one.py", "one");
    bake({ contexts: { dags: "dags" } });
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("has a tag that identifies one build, for the policy too", () => {
    assert.match(plan().tag, /^[0-9a-f]{16}$/);
    assert.ok(isExactTag("0123456789abcdef"));
  });

  const changes: Record<string, () => void> = {
    "the Dockerfile": () => write("images/app/Dockerfile", "FROM docker.io/library/debian:12.2-slim\n"),
    "a file": () => write("images/app/src/app.py", "print(1)"),
    "a file of another context": () => write("dags/one.py", "two"),
    "an argument": () => bake({ contexts: { dags: "dags" }, args: { VERSION: "2" } }),
    "the stage": () => bake({ contexts: { dags: "dags" }, target: "slim" }),
  };
  for (const [title, change] of Object.entries(changes)) {
    it(`gets another tag with ${title}`, () => {
      const { tag } = plan();
      change();
      assert.notEqual(plan().tag, tag);
    });
  }

  it("gets another tag for other processors, in whichever order they are named", () => {
    assert.notEqual(plan(["linux/arm64"]).tag, plan().tag);
    assert.equal(plan(["linux/arm64", "linux/amd64"]).tag, plan(["linux/amd64", "linux/arm64"]).tag);
  });

  it("keeps its tag when a file that the build ignores changes, or a test leaves files behind", () => {
    const { tag } = plan();
    write("images/app/tests/test_app.py", "x");
    write("dags/__pycache__/one.pyc", "x");
    assert.equal(plan().tag, tag);
  });

  it("refuses a target of which it would build something else", () => {
    bake({ "no-cache": true });
    assert.throws(() => plan(), /no-cache/);
    bake({});
    assert.throws(() => planBuilds(["other"], amd64, root), /no target other/);
  });

  it("is copied to a place of its own, with the same modes under each umask", () => {
    const before = process.umask(0o077);
    try {
      const build = plan();
      stage(build, root);
      stage(build, root);
      const { dockerfile, context, contexts } = stagedAt(build);
      const place = (path = "") => join(root, path);
      assert.equal(readFileSync(place(dockerfile), "utf8"), build.dockerfile);
      assert.equal(statSync(place(`${context}/src/app.py`)).mode & 0o777, 0o644);
      assert.equal(statSync(place(`${context}/src`)).mode & 0o777, 0o755);
      assert.equal(readFileSync(place(`${contexts.dags ?? ""}/one.py`), "utf8"), "one");
      assert.throws(() => statSync(place(`${context}/Dockerfile`)));
    } finally {
      process.umask(before);
    }
  });

  it("is read from the list of `make images`, for every image of the program", () => {
    cpSync(join(folder, "images/docker-bake.json"), join(root, "images/docker-bake.json"));
    const { group } = JSON.parse(readFileSync(join(root, "images/docker-bake.json"), "utf8")) as {
      group: { default: { targets: string[] } };
    };
    const builds = planBuilds(group.default.targets, amd64, folder);
    assert.equal(new Set(builds.map(({ tag }) => tag)).size, builds.length);
    const airflow = builds.find(({ name }) => name === "airflow");
    assert.ok(airflow?.contexts.dags?.some(({ path }) => path === "common/tasks.py"));
    // Tests are no part of an image.
    assert.ok(!builds.some(({ context }) => context.some(({ path }) => path.startsWith("tests/"))));
  });
});
