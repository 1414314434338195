// What the documentation names exists: links and their anchors, make targets and variables, configuration keys, paths.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { blocks, comesFromNowhere, languages, needsTag, pages, tags } from "./docs-blocks.ts";
import { makeTargets, makeVariables } from "./makefile.ts";
import { anchorsOf, codeOf, linksOf, spansOf } from "./markdown.ts";

const top = join(import.meta.dirname, "../..");
const manifest = JSON.parse(readFileSync(join(top, "package.json"), "utf8")) as { dependencies: object };
const contents = new Map(pages.map(({ path, text }) => [path, text]));

/** Files of the repository, without what is installed or made; a folder's name ends in none. */
const ignored = new Set(["node_modules", ".venv", ".git", "out", ".state", "__pycache__"]);
function filesBelow(folder: string): string[] {
  return readdirSync(join(top, folder), { withFileTypes: true })
    .filter(({ name }) => !ignored.has(name) && !name.endsWith("_cache"))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}
const files = filesBelow(".");
const names = new Set(files.map((path) => basename(path)));
const roots = new Set(files.map((path) => path.split("/")[0] ?? ""));

/** Problems as `page: what`, for each page. */
function problems(of: (page: { path: string; text: string }) => string[]): string[] {
  return pages.flatMap((page) => of(page).map((problem) => `${page.path}: ${problem}`));
}

describe("the documentation", () => {
  it("links to files and headings that exist", () => {
    const found = problems(({ path, text }) => linksOf(text).filter((link) => !isReached(path, link)));
    assert.deepEqual(found, []);
  });

  it("numbers each decision once, in its file's name and in its title", () => {
    const decisions = pages.flatMap(({ path, text }) => {
      const [, number] = /^docs\/decisions\/(\d{4})-/.exec(path) ?? [];
      return number === undefined ? [] : [{ number: Number(number), title: text.split("\n")[0] ?? "" }];
    });
    assert.deepEqual(
      decisions.map(({ number }) => number),
      decisions.map((_, index) => index + 1),
    );
    for (const { number, title } of decisions) assert.ok(title.startsWith(`# ${number}. `), title);
  });

  it("names make targets and variables that exist", () => {
    const [targets, variables] = [makeTargets(), makeVariables()];
    const found = problems(({ text }) =>
      codeOf(text).flatMap((code) =>
        [...code.matchAll(/(?:^|[\s`(])make((?: +[A-Z_]+=\S*| +[a-z][a-z0-9-]*)+)/gm)].flatMap(([, words = ""]) =>
          words
            .trim()
            .split(/ +/)
            .filter((word, index, all) => (isAssignment(word) ? true : !all.slice(0, index).some(isTarget)))
            .filter((word) => !(isAssignment(word) ? variables.has(word.split("=")[0] ?? "") : targets.has(word))),
        ),
      ),
    );
    assert.deepEqual(found, []);
  });

  it("names configuration keys that exist", () => {
    const keys = new Set(
      [...(contents.get("docs/configuration.md") ?? "").matchAll(/^\| `([^`]+)` \|/gm)].map(([, key = ""]) => key),
    );
    const known = new Set([...keys].flatMap(prefixesOf));
    const topKeys = new Set([...keys].map((key) => key.split(/[.[]/)[0]));
    assert.ok(topKeys.size > 10, String(topKeys.size));
    const found = problems(({ text }) =>
      spansOf(text)
        .map((span) => span.replace(/^mlops:/, ""))
        .filter((span) => /^[a-z][A-Za-z]*(\[\d*\])?(\.[a-z][A-Za-z]*(\[\d*\])?)+$/.test(span) && !names.has(span))
        .filter((span) => topKeys.has(span.split(/[.[]/)[0]))
        .filter((span) => !known.has(span.replace(/\[\d*\]/g, ""))),
    );
    assert.deepEqual(found, []);
  });

  it("names paths that exist", () => {
    // A decision also names files that it removed.
    const found = problems(({ path, text }) =>
      (path.startsWith("docs/decisions/") ? [] : codeOf(text))
        .flatMap((code) => code.match(/(?<![\w/.:$~@<>*{}-])[\w.-]+(?:\/[\w.*-]+)+\/?(?![\w/<{(:*.])/g) ?? [])
        .map((word) => word.replace(/[.,]$/, ""))
        .filter((word) => roots.has(word.split("/")[0] ?? "") && !word.split("/").some((part) => ignored.has(part)))
        .filter((word) => globSync([word, join(dirname(path), word)], { cwd: top }).length === 0),
    );
    assert.deepEqual(found, []);
  });

  it("says of each code block what it is, and by a tag why it is not run", () => {
    const found = blocks.flatMap((block) => [
      ...(languages.includes(block.language) ? [] : [`${block.place}: a block of ${languages.join(", ")}`]),
      ...block.tags
        .filter((tag) => !(tag in tags))
        .map((tag) => `${block.place}: ${tag} is none of ${Object.keys(tags).join(", ")}`),
      ...(comesFromNowhere(block) ? [`${block.place}: tag the fence with what it was seen with`] : []),
      ...(needsTag(block)
        ? [`${block.place}: it would be run; tag its fence with one of ${Object.keys(tags).join(", ")}`]
        : []),
    ]);
    assert.deepEqual(found, []);
  });

  it("has shell in its blocks that bash can read", () => {
    for (const { code, place } of blocks.filter(({ language }) => language === "sh")) {
      const { stderr } = spawnSync("bash", ["-n"], { input: code, encoding: "utf8" });
      assert.equal(stderr, "", place);
    }
  });

  it("names files that exist", () => {
    // Packages with a name like a file's, and files that a reader creates.
    const packages = new Set(Object.keys(manifest.dependencies));
    const own = /^Pulumi\.[\w-]+\.yaml$/;
    const found = problems(({ text }) =>
      spansOf(text)
        .filter((span) => /^[\w.-]+\.(?:ts|py|sh|js|md|toml|yaml|yml)$/.test(span))
        .filter((span) => !names.has(span) && !own.test(span) && !packages.has(span)),
    );
    assert.deepEqual(found, []);
  });
});

function isAssignment(word: string): boolean {
  return word.includes("=");
}

/** The first word without `=` is a target; what follows it may be prose. */
function isTarget(word: string): boolean {
  return !isAssignment(word);
}

function isReached(page: string, link: string): boolean {
  const [path = "", anchor] = decodeURIComponent(link).split("#");
  const target = path === "" ? page : join(dirname(page), path);
  if (!existsSync(join(top, target))) return false;
  return anchor === undefined || anchorsOf(readFileSync(join(top, target), "utf8")).includes(anchor);
}

/** `a[].b` gives `a` and `a.b`. */
function prefixesOf(key: string): string[] {
  const parts = key.replace(/\[\d*\]/g, "").split(".");
  return parts.map((_, index) => parts.slice(0, index + 1).join("."));
}
