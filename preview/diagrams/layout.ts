import { mapParts } from "../../components/parts.ts";
import type { BoxName } from "./architecture.ts";
import type { Rect } from "./svg.ts";

/** Size of the picture of the architecture; a README shows about 830 pixels of a width. */
export const canvas = { width: 860, height: 630 };

/** The platform's namespace. */
export const platformFrame: Rect = { x: 16, y: 84, width: 828, height: 398 };

/**
 * Where each box of the architecture is drawn.
 *
 * Boxes that are joined face each other: every arrow is one straight line. Postgres and MinIO are columns at both
 * sides of what uses them.
 */
export const layout: Record<BoxName, Rect> = {
  ...mapParts(({ picture: { x, y, width, height } }) => ({ x, y, width, height })),
  kubernetes: { x: 222, y: 18, width: 622, height: 36 },
};

export interface Point {
  x: number;
  y: number;
}

/**
 * The straight line from one box to another, through what is free between them.
 *
 * @throws Error where they do not face each other
 */
export function straightLine(from: BoxName, to: BoxName, boxes: readonly BoxName[]): [Point, Point] {
  const [a, b] = [layout[from], layout[to]];
  const others = boxes.filter((name) => name !== from && name !== to).map((name) => layout[name]);
  const x = lane(spanX(a), spanX(b), others.filter((other) => isBetween(spanY(other), spanY(a), spanY(b))).map(spanX));
  if (x !== undefined)
    return a.y < b.y
      ? [
          { x, y: end(spanY(a)) },
          { x, y: b.y },
        ]
      : [
          { x, y: a.y },
          { x, y: end(spanY(b)) },
        ];
  const y = lane(spanY(a), spanY(b), others.filter((other) => isBetween(spanX(other), spanX(a), spanX(b))).map(spanY));
  if (y !== undefined)
    return a.x < b.x
      ? [
          { x: end(spanX(a)), y },
          { x: b.x, y },
        ]
      : [
          { x: a.x, y },
          { x: end(spanX(b)), y },
        ];
  throw new Error(`no straight line joins ${from} and ${to}: move one of them in the description of its component`);
}

type Span = [number, number];

const spanX = ({ x, width }: Rect): Span => [x, x + width];
const spanY = ({ y, height }: Rect): Span => [y, y + height];
const end = ([, last]: Span) => last;

function isBetween(span: Span, a: Span, b: Span): boolean {
  return span[0] < Math.max(a[0], b[0]) && span[1] > Math.min(a[1], b[1]);
}

/** The middle of the widest part that both spans have and no obstacle covers; undefined if it is too small. */
function lane(a: Span, b: Span, obstacles: readonly Span[]): number | undefined {
  const shared: Span = [Math.max(a[0], b[0]), Math.min(a[1], b[1])];
  const free = obstacles.reduce<Span[]>(
    (spans, [start, stop]) =>
      spans.flatMap(([from, to]): Span[] => [
        [from, Math.min(to, start)],
        [Math.max(from, stop), to],
      ]),
    [shared],
  );
  const [widest] = free.toSorted((one, other) => other[1] - other[0] - (one[1] - one[0]));
  return widest !== undefined && widest[1] - widest[0] >= 8 ? (widest[0] + widest[1]) / 2 : undefined;
}
