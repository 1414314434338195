import assert from "node:assert/strict";
import { wrapped } from "../../lib/terminal.ts";

describe("wrapped", () => {
  it("breaks between words where a line would be longer than 80 characters, and indents what follows", () => {
    const words = Array.from({ length: 30 }, (_, i) => `word${i}`).join(" ");
    const lines = wrapped(words, "  ").split("\n");
    assert.ok(lines.length > 2 && lines.every((line) => line.length <= 80));
    assert.ok(lines.slice(1).every((line) => line.startsWith("  word")));
    assert.equal(lines.map((line) => line.trim()).join(" "), words);
  });

  it("leaves a long word and the indent of the first line whole", () => {
    const word = "x".repeat(100);
    assert.equal(wrapped(`  yours: ${word} end`, "    "), `  yours:\n    ${word}\n    end`);
    assert.equal(wrapped(word), word);
  });
});
