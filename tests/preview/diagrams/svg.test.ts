import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { element, text, widthOf, wrapped } from "../../../preview/diagrams/svg.ts";

interface Area {
  words: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Every text of a drawing, as large as it may get. */
function textsOf(svg: string): Area[] {
  return [...svg.matchAll(/<text ([^>]*)>([^<]*)</g)].map(([, attributes = "", words = ""]) => {
    const number = (name: string) => Number(new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1]);
    const [x, y, size] = [number("x"), number("y"), number("font-size")];
    const width = widthOf(words.replace(/&\w+;/g, "&"), size);
    const anchor = /text-anchor="(\w+)"/.exec(attributes)?.[1];
    const left = anchor === "middle" ? x - width / 2 : anchor === "end" ? x - width : x;
    return { words, left, right: left + width, top: y - size * 0.75, bottom: y + size * 0.2 };
  });
}

const overlap = (a: Area, b: Area) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

describe("a drawing", () => {
  const folder = join(import.meta.dirname, "../../../docs/diagrams");
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".svg"))) {
    const svg = readFileSync(join(folder, file), "utf8");

    it(`${file} has all of its text inside, none over another`, () => {
      const [, width = 0, height = 0] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)?.map(Number) ?? [];
      const texts = textsOf(svg);
      assert.ok(texts.length > 10 && width > 800 && width < 900);
      const outside = texts.filter(
        ({ left, right, top, bottom }) => left < 0 || right > width || top < 0 || bottom > height,
      );
      assert.deepEqual(outside, []);
      const pairs = texts.flatMap((a, i) =>
        texts.slice(i + 1).flatMap((b) => (overlap(a, b) ? [`${a.words} / ${b.words}`] : [])),
      );
      assert.deepEqual(pairs, []);
    });

    it(`${file} says what it shows, and stands on a background of its own`, () => {
      assert.match(svg, /^<svg [^>]*role="img" aria-labelledby="title description"/);
      assert.match(
        svg,
        /<title id="title">[^<]{10,}<\/title>\n<desc id="description">[^<]{40,}<\/desc>\n<rect [^>]*fill="#ffffff"/,
      );
    });
  }

  it("escapes what it is given", () => {
    assert.equal(
      text(1, 2, 3, "a < b & c", { fill: '"' }),
      '<text x="1" y="2" font-size="3" fill="&quot;">a &lt; b &amp; c</text>',
    );
    assert.equal(element("g", { x: 1.26, y: undefined }), '<g x="1.3"/>');
  });

  it("breaks lines between names, and keeps one that is too long whole", () => {
    assert.deepEqual(wrapped(["one", "two", "three"], 10, 60, " · "), ["one · two", "three"]);
    assert.deepEqual(wrapped(["a-very-long-name", "b"], 10, 20), ["a-very-long-name", "b"]);
  });
});
