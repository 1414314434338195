// Reads Markdown as far as the tests of the documentation need it.

const fence = /^([ \t]*)(`{3,}|~{3,}).*\n[\s\S]*?^[ \t]*\2[ \t]*$/gm;
const span = /(?<!`)(`+)(?!`)([^\n]+?)(?<!`)\1(?!`)/g;

/** Inline code, without its backticks. */
export function spansOf(text: string): string[] {
  return [...text.replace(fence, "").matchAll(span)].map(([, , code = ""]) => code.trim());
}

/** Inline code and fenced blocks, without their fences. */
export function codeOf(text: string): string[] {
  const blocks = text.match(fence) ?? [];
  return [...spansOf(text), ...blocks.map((block) => block.split("\n").slice(1, -1).join("\n"))];
}

export interface Block {
  /** First word behind the fence, e.g. `sh`; empty where there is none. */
  language: string;
  /** What else stands behind it, which GitHub does not show. */
  tags: string[];
  /** Line of its fence, from 1. */
  line: number;
  /** Without the fence's own indentation. */
  code: string;
}

/** Fenced blocks, in their order. */
export function blocksOf(text: string): Block[] {
  return [...text.matchAll(fence)].map((match) => {
    const [block, indent = ""] = match;
    const [opening = "", ...lines] = block.split("\n");
    const [language = "", ...tags] = opening
      .replace(/^[ \t]*[`~]+/, "")
      .trim()
      .split(/ +/);
    const code = lines.slice(0, -1).map((one) => (one.startsWith(indent) ? one.slice(indent.length) : one));
    const line = text.slice(0, match.index).split("\n").length;
    return { language, tags, line, code: code.join("\n") };
  });
}

/** Targets of the links that stay inside the repository; those to other sites are left out. */
export function linksOf(text: string): string[] {
  const prose = text.replace(fence, "").replace(span, "");
  const inline = [...prose.matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g)];
  const references = [...prose.matchAll(/^\[[^\]]+\]: +(\S+)/gm)];
  return [...inline, ...references].map(([, target = ""]) => target).filter((target) => !/^[a-z]+:/.test(target));
}

/**
 * Anchors of a page's headings, as GitHub makes them.
 *
 * @see https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links
 */
export function anchorsOf(text: string): string[] {
  const seen = new Map<string, number>();
  return [...text.replace(fence, "").matchAll(/^#{1,6} +(.+?)[ #]*$/gm)].map(([, heading = ""]) => {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_\- ]/gu, "")
      .replaceAll(" ", "-");
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
}
