import { styleText } from "node:util";

/** Text in bold, on a terminal that wants it: styleText asks the stream and NO_COLOR. */
export function bold(text: string): string {
  return styleText("bold", text, { stream: process.stdout });
}

export function dim(text: string): string {
  return styleText("dim", text, { stream: process.stdout });
}

export function red(text: string): string {
  return styleText("red", text, { stream: process.stdout });
}

/** What every terminal shows without breaking a line. */
const columns = 80;

/**
 * Breaks a text between words, for a terminal of 80 columns. A word that is longer stays whole, so that it can be copied.
 *
 * @param indent of each line after the first
 */
export function wrapped(text: string, indent = ""): string {
  const [first = "", ...words] = text.trimStart().split(" ");
  const lines = [" ".repeat(text.length - text.trimStart().length) + first];
  for (const word of words) {
    const last = lines.at(-1) ?? "";
    if (last.length + 1 + word.length > columns) lines.push(indent + word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join("\n");
}

/**
 * Aligns rows below a heading: the first column to the left, numbers in the others to the right.
 *
 * @param rows the heading first
 * @param content of the columns after the first
 */
export function table(rows: readonly (readonly string[])[], content: "numbers" | "texts" = "numbers"): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 || content === "texts" ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd(),
  );
  return lines.map((line, i) => (i === 0 ? bold(line) : line)).join("\n");
}

/** Prints the current step to stderr if it takes more than a second. */
export class Progress {
  #step = "";
  #timer: NodeJS.Timeout | undefined;

  /** @param step what begins now, e.g. `loading the program` */
  start(step: string): void {
    this.#step = step;
    clearTimeout(this.#timer);
    // The clock runs since the process began: loading the SDK counts.
    const remaining = 1000 - performance.now();
    if (remaining <= 0) this.#say();
    else this.#timer = setTimeout(() => this.#say(), remaining);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #say(): void {
    process.stderr.write(`${this.#step} …\n`);
  }
}
