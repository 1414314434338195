// Words and patterns that read as a translation stay out of the documentation, messages, comments and help texts.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pages } from "./docs-blocks.ts";

const top = join(import.meta.dirname, "../..");

/** What to write instead, by pattern. */
const banned: readonly [RegExp, string][] = [
  [/\bmend(?:s|ed|ing)?\b/gi, "fix"],
  [/\banew\b/gi, "again"],
  [/\bwhoever\b/gi, "anyone who, or the role's name"],
  [/(?<!`)\bnobody\b(?!`)/gi, "a subject that acts, or the passive"],
  [/\bas well[.;:]/gi, "also, before the verb"],
  [/\bmade out of\b/gi, "made of, from"],
  [/\bbelongs? into\b/gi, "add it to, belongs in"],
  [/\bgoes without\b/gi, "has no, does not need"],
  [
    /(?<!\b(?:there|here)) (?:is|are|was) no (?!longer|more|less|fewer|such|later|earlier|older|newer|wider)/gi,
    "is not a",
  ],
  [/(?<!\b(?:there|here)) (?:is|are) none\b(?! (?:yet|left))/g, "is not, does not exist"],
  [/\bsomebody\b/gi, "someone, a user, a client"],
  [/\ban UR[LN]s?\b/g, "a URL, a URN"],
  [/\b(?:is|are|was|were) there already\b/gi, "an existing …, exists"],
  [/\bmust be there\b/gi, "must exist"],
  [/\bstands? (?:above|before|beside|behind)\b/gi, "is, precedes, follows"],
  [/\basks? for [\d.]+m? CPU\b/gi, "request"],
];

/** Text that people read and that is not code: Markdown outside of code. */
const prose = (text: string) => text.replace(/^[ \t]*(`{3,})[^]*?^[ \t]*\1/gm, "").replace(/`[^`\n]+`/g, "`code`");

/** The program, its images, scripts and workflows; tests speak to developers only. */
const product = /\.(?:ts|js|py|ya?ml|toml|json|sh)$|Makefile$|Dockerfile$|^scripts\/[a-z]+$/;
const others = /(?:^|\/)tests\/|^docs\/|-lock\.json$|\.lock\.json$|^tsconfig/;

function productFiles(): { path: string; text: string }[] {
  const listed = execFileSync("git", ["ls-files"], { cwd: top, encoding: "utf8" }).split("\n");
  return listed
    .filter((path) => product.test(path) && !others.test(path))
    .map((path) => ({ path, text: readFileSync(join(top, path), "utf8") }));
}

function findings({ path, text }: { path: string; text: string }): string[] {
  return banned.flatMap(([pattern, better]) =>
    [...text.matchAll(pattern)].map(({ index, 0: found }) => {
      const line = text.slice(0, index).split("\n").length;
      return `${path}:${line}: "${found.trim()}": write ${better}`;
    }),
  );
}

describe("the English", () => {
  it("of the documentation has no banned words", () => {
    assert.ok(pages.length > 30, String(pages.length));
    assert.deepEqual(
      pages.flatMap(({ path, text }) => findings({ path, text: prose(text) })),
      [],
    );
  });

  it("of messages, comments and help texts has no banned words", () => {
    const files = productFiles();
    assert.ok(files.length > 300, String(files.length));
    assert.deepEqual(files.flatMap(findings), []);
  });

  it("is found wrong where a banned word is", () => {
    const found = (text: string) => findings({ path: "x.md", text }).length;
    for (const text of [
      "what mends it",
      "made anew",
      "tests run as well.",
      "it is no file",
      "the name is none",
      "an URL",
    ]) {
      assert.equal(found(text), 1, text);
    }
    for (const text of ["recommend it", "there is no file", "it is no longer read", "the user `nobody`"]) {
      assert.equal(found(text), 0, text);
    }
  });
});
