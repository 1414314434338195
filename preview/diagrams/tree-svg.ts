import { clouds } from "../../components/cluster/kinds.ts";
import { categories, categoryOf } from "./categories.ts";
import { type Chip, chipWidth, chipsHeight, drawChips } from "./chips.ts";
import { faint, ink, page, type Rect, rect, text, widthOf, wrapped } from "./svg.ts";
import { type Branch, type KindCount, totalsOf } from "./tree.ts";

const width = 860;
const margin = 16;
const gap = 10;
const padding = 10;
const titleSize = 14;
const nameSize = 11.5;

/** A component's box with everything in it, placed. */
interface Card {
  rect: Rect;
  title: string;
  /** Lines of names. */
  names: string[];
  /** Whether the names follow the title. */
  isBeside: boolean;
  chips: Chip[];
  chipsTop: number;
  inner: Card[];
}

/** A stack's components as boxes in boxes, with the resources that each makes. */
export function treeSvg(stack: string, branches: readonly Branch[]): string {
  const inner = width - 2 * margin;
  // What makes the cluster comes first and gets the whole width: in a cloud it is most of the stack.
  const [wide, small] = [branches.filter(isCluster), branches.filter((branch) => !isCluster(branch))];
  const top = 84;
  const first = wide.map((branch) => cardOf(branch, undefined, margin, top, inner));
  const cards = [
    ...first,
    ...columns(small, undefined, { x: margin, y: bottomOf(first, top - gap) + gap, width: inner }),
  ];
  const totals = totalsOf(branches);
  const total = sum(totals);
  return page(
    {
      width,
      height: bottomOf(cards, top) + margin,
      title: `The components of the stack ${stack}`,
      description: `${total} resources. ${branches.map(sentence).join(" ")}`,
    },
    [
      text(margin, 33, 17, `The stack ${stack}: ${total} resources`, { "font-weight": "bold" }),
      ...drawChips(legendOf(totals), margin, 48, inner),
      ...cards.flatMap(drawCard),
    ],
  );
}

function isCluster({ names }: Branch): boolean {
  return names.includes("cluster");
}

function sentence({ names, type, kinds, children }: Branch): string {
  const all = totalsOf([{ names: [""], type, kinds, children }]);
  return `${names.join(", ")} (${type}): ${all.map(({ kind, count }) => `${count} ${kind}`).join(", ") || "nothing of its own"}.`;
}

function cardOf(branch: Branch, parent: string | undefined, x: number, y: number, cardWidth: number): Card {
  const inner = cardWidth - 2 * padding;
  const title = branch.names.length === 1 ? branch.type : `${branch.names.length} × ${branch.type}`;
  const names = wrapped(shortNames(branch.names, parent), nameSize, inner, ", ");
  const isBeside = names.length === 1 && widthOf(title, titleSize) + 12 + widthOf(names[0] ?? "", nameSize) <= inner;
  const chips = branch.kinds.map(chipOf);
  const chipsTop = y + 31 + (isBeside ? 0 : names.length * 15);
  const chipsEnd = chipsTop + (chips.length === 0 ? -6 : chipsHeight(chips, inner));
  const childrenTop = chipsEnd + gap;
  const below = columns(branch.children, branch.names[0], { x: x + padding, y: childrenTop, width: inner });
  const end = bottomOf(below, chipsEnd);
  const rect = { x, y, width: cardWidth, height: end + padding - y };
  return { rect, title, names, isBeside, chips, chipsTop, inner: below };
}

/** Cards in as many columns as their widest chip lets fit: the tallest first, each in the shortest column. */
function columns(
  branches: readonly Branch[],
  parent: string | undefined,
  { x, y, width: all }: Omit<Rect, "height">,
): Card[] {
  const widest = Math.max(0, ...branches.map(widestChip)) + 2 * padding;
  const count = Math.max(1, Math.min(3, branches.length, Math.floor((all + gap) / (Math.max(widest, 150) + gap))));
  const cardWidth = (all - (count - 1) * gap) / count;
  const ends = Array.from({ length: count }, () => y);
  const height = (branch: Branch) => cardOf(branch, parent, 0, 0, cardWidth).rect.height;
  const tallestFirst = branches.toSorted((a, b) => height(b) - height(a));
  return tallestFirst.map((branch) => {
    const column = ends.indexOf(Math.min(...ends));
    const card = cardOf(branch, parent, x + column * (cardWidth + gap), ends[column] ?? y, cardWidth);
    ends[column] = card.rect.y + card.rect.height + gap;
    return card;
  });
}

function widestChip({ kinds, children }: Branch): number {
  const inside = children.map((child) => widestChip(child) + 2 * padding);
  return Math.max(0, ...kinds.map((kind) => chipWidth(chipOf(kind))), ...inside);
}

function bottomOf(cards: readonly Card[], least: number): number {
  return Math.max(least, ...cards.map(({ rect: { y, height } }) => y + height));
}

/** Names without that of the component around them; none where they only repeat it. */
function shortNames(names: readonly string[], parent: string | undefined): string[] {
  const own = names.filter((name) => name !== parent);
  return own.map((name) =>
    parent !== undefined && name.startsWith(`${parent}-`) ? name.slice(parent.length + 1) : name,
  );
}

function chipOf({ kind, count, protect }: KindCount): Chip {
  const { fill } = categoryOf(kind);
  // The box says which cloud it is.
  const prefix = clouds.map(({ provider }) => `${provider}.`).find((each) => kind.startsWith(each)) ?? "";
  const short = kind.slice(prefix.length);
  return { label: count === 1 ? short : `${count} ${short}`, fill, ...(protect ? { stroke: ink } : {}) };
}

function legendOf(totals: readonly KindCount[]): Chip[] {
  const counted = categories.map(({ name, fill }) => ({
    count: sum(totals.filter(({ kind }) => categoryOf(kind).name === name)),
    name,
    fill,
  }));
  const chips = counted
    .filter(({ count }) => count > 0)
    .map(({ count, name, fill }): Chip => ({ label: `${count} ${name}`, fill }));
  const isProtected = totals.some(({ protect }) => protect);
  return [...chips, ...(isProtected ? [{ label: "outlined: protected", fill: "#ffffff", stroke: ink }] : [])];
}

function sum(counts: readonly KindCount[]): number {
  return counts.reduce((total, { count }) => total + count, 0);
}

function drawCard({ rect: box, title, names, isBeside, chips, chipsTop, inner }: Card): string[] {
  const left = box.x + padding;
  const [namesLeft, namesTop] = isBeside ? [left + widthOf(title, titleSize) + 12, box.y + 22] : [left, box.y + 39];
  return [
    rect(box, { fill: "#f5f7fa", stroke: "#b8c4d0" }),
    text(left, box.y + 22, titleSize, title, { "font-weight": "bold" }),
    ...names.map((line, index) => text(namesLeft, namesTop + 15 * index, nameSize, line, { fill: faint })),
    ...drawChips(chips, left, chipsTop, box.width - 2 * padding),
    ...inner.flatMap(drawCard),
  ];
}
