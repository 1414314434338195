import type { Architecture, Arrow, Box } from "./architecture.ts";

/** The architecture as Mermaid, which GitHub draws, and which shows a review each line that a change moves. */
export function architectureMermaid({ platform, boxes, arrows }: Architecture): string {
  const isOutside = ({ name }: Box) => name === "kubernetes" || name === "projects";
  const inside = boxes.filter((box) => !isOutside(box)).map((box) => `    ${node(box)}`);
  return [
    "flowchart LR",
    `  subgraph platform["namespace ${platform}"]`,
    ...inside,
    "  end",
    ...boxes.filter(isOutside).map((box) => `  ${node(box)}`),
    ...arrows.map((arrow) => `  ${edge(arrow)}`),
    "",
  ].join("\n");
}

function node({ name, title, parts, marks }: Box): string {
  const lines = [`<b>${title}</b>`, ...parts, ...(marks.length === 0 ? [] : [`(${marks.join(", ")})`])];
  return `${name}["${lines.join("<br/>")}"]`;
}

function edge(arrow: Arrow): string {
  return arrow.kind === "starts"
    ? `${arrow.from} -. starts pods .-> ${arrow.to}`
    : `${arrow.from} -->|${arrow.ports.join(", ")}| ${arrow.to}`;
}
