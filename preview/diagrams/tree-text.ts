import { type Branch, type KindCount, totalsOf } from "./tree.ts";

/**
 * A stack's components as an indented tree: a change of one component changes one line, in a terminal as in a review.
 */
export function treeText(stack: string, branches: readonly Branch[]): string {
  const total = totalsOf(branches).reduce((sum, { count }) => sum + count, 0);
  return `${stack}: ${total} resources in components; * is protected from deletion\n${linesOf(branches, "").join("\n")}\n`;
}

function linesOf(branches: readonly Branch[], indent: string): string[] {
  return branches.flatMap((branch, index) => {
    const isLast = index === branches.length - 1;
    const inner = `${indent}${isLast ? "   " : "│  "}`;
    return [`${indent}${isLast ? "└─ " : "├─ "}${lineOf(branch)}`, ...linesOf(branch.children, inner)];
  });
}

function lineOf({ names, type, kinds }: Branch): string {
  const head = `${names.join(", ")} (${type})`;
  return kinds.length === 0 ? head : `${head}: ${kinds.map(show).join(", ")}`;
}

function show({ kind, count, protect }: KindCount): string {
  return `${count} ${kind}${protect ? "*" : ""}`;
}
