import assert from "node:assert/strict";
import { anchorsOf, blocksOf, codeOf, linksOf, spansOf } from "./markdown.ts";

const page = `# A title
See [one](a.md#x), [two](https://example.org), \`[no](link.md)\` and [three][3].

\`\`\`sh
make this   # [no](link.md)
# no heading
\`\`\`

- item

  ~~~text cluster long
  indented \`not a span\`
  ~~~

## The \`code\` title, twice
## The code title twice

[3]: ../b.md
`;

describe("Markdown, as the tests of the documentation read it", () => {
  it("has links outside of code", () => {
    assert.deepEqual(linksOf(page), ["a.md#x", "../b.md"]);
  });

  it("has spans and blocks of code", () => {
    assert.deepEqual(spansOf(page), ["[no](link.md)", "code"]);
    assert.deepEqual(codeOf(page).slice(2), ["make this   # [no](link.md)\n# no heading", "  indented `not a span`"]);
  });

  it("has blocks with a language, tags, a line and code without the list's indentation", () => {
    assert.deepEqual(blocksOf(page), [
      { language: "sh", tags: [], line: 4, code: "make this   # [no](link.md)\n# no heading" },
      { language: "text", tags: ["cluster", "long"], line: 11, code: "indented `not a span`" },
    ]);
  });

  it("has an anchor for each heading, numbered where it comes again", () => {
    assert.deepEqual(anchorsOf(page), ["a-title", "the-code-title-twice", "the-code-title-twice-1"]);
  });
});
