// The little of SVG that the diagrams need: elements as text, and how wide a text will be.

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

type Attributes = Record<string, string | number | undefined>;

/** An element; `content` is markup, escaped where it came from text. */
export function element(name: string, attributes: Attributes, content = ""): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${typeof value === "number" ? rounded(value) : escaped(value)}"`],
  );
  return content === "" ? `<${name}${written.join("")}/>` : `<${name}${written.join("")}>${content}</${name}>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

export function text(x: number, y: number, size: number, words: string, more: Attributes = {}): string {
  return element("text", { x, y, "font-size": size, ...more }, escaped(words));
}

export function rect({ x, y, width, height }: Rect, attributes: Attributes): string {
  return element("rect", { x, y, width, height, rx: 6, ...attributes });
}

/**
 * How wide a line of text is at most, in the unit of `size`.
 *
 * No font is at hand when the file is made, and each reader has another: these are the widths of DejaVu Sans, the widest
 * of those that the style names.
 */
export function widthOf(words: string, size: number): number {
  return Array.from(words, letterWidth).reduce((sum, width) => sum + width, 0) * size;
}

function letterWidth(letter: string): number {
  if (/[fijlrtI .,:;'|!()[\]/-]/.test(letter)) return 0.39;
  if (/[mwMW%→×]/.test(letter)) return 0.97;
  if (/[A-Z0-9_]/.test(letter)) return 0.69;
  return 0.62;
}

/** Words or names in lines of at most a width, with a separator between those on one line. */
export function wrapped(words: readonly string[], size: number, width: number, separator = " "): string[] {
  return words.reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last}${separator}${word}`;
    if (last === undefined || widthOf(longer, size) > width) return [...lines, word];
    return [...lines.slice(0, -1), longer];
  }, []);
}

interface Page {
  width: number;
  height: number;
  /** A description for readers who cannot see the image. */
  title: string;
  description: string;
}

/**
 * A whole file. Its background is its own, so that a dark page leaves it legible.
 *
 * @param body lines of markup
 */
export function page({ width, height, title, description }: Page, body: readonly string[]): string {
  const root = {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "img",
    "aria-labelledby": "title description",
    "font-family": "Helvetica, Arial, sans-serif",
    fill: ink,
  };
  const lines = [
    element("title", { id: "title" }, escaped(title)),
    element("desc", { id: "description" }, escaped(description)),
    rect({ x: 0.5, y: 0.5, width: width - 1, height: height - 1 }, { fill: paper, stroke: line }),
    ...body,
  ];
  return `${element("svg", root, `\n${lines.join("\n")}\n`)}\n`;
}

export const paper = "#ffffff";
export const ink = "#1f2933";
export const faint = "#52606d";
const line = "#cbd2d9";
