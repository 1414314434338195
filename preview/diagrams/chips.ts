import { ink, rect, text, widthOf } from "./svg.ts";

/** A short label in a rounded box. */
export interface Chip {
  label: string;
  fill: string;
  /** @default - the fill */
  stroke?: string;
}

const size = 11;
const padding = 7;
const gap = 5;
const height = 19;

export function chipWidth({ label }: Chip): number {
  return widthOf(label, size) + 2 * padding;
}

/** Chips from left to right, in as many rows as a width takes. */
function rowsOf(chips: readonly Chip[], width: number): Chip[][] {
  return chips.reduce<Chip[][]>((rows, chip) => {
    const last = rows.at(-1);
    const used = (last ?? []).reduce((sum, one) => sum + chipWidth(one) + gap, 0);
    if (last === undefined || used + chipWidth(chip) > width) return [...rows, [chip]];
    return [...rows.slice(0, -1), [...last, chip]];
  }, []);
}

/** Height of chips in a width, without a gap below. */
export function chipsHeight(chips: readonly Chip[], width: number): number {
  return Math.max(0, rowsOf(chips, width).length * (height + gap) - gap);
}

export function drawChips(chips: readonly Chip[], x: number, y: number, width: number): string[] {
  return rowsOf(chips, width).flatMap((row, index) => drawRow(row, x, y + index * (height + gap)));
}

function drawRow(row: readonly Chip[], x: number, y: number): string[] {
  return row.flatMap((chip, index) => {
    const left = x + row.slice(0, index).reduce((sum, one) => sum + chipWidth(one) + gap, 0);
    const { label, fill, stroke = fill } = chip;
    const width = chipWidth(chip);
    const middle = { "text-anchor": "middle", fill: ink };
    return [
      rect({ x: left, y, width, height }, { fill, stroke, rx: 9 }),
      text(left + width / 2, y + 13.5, size, label, middle),
    ];
  });
}
