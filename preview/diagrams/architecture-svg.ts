import { type Architecture, type Arrow, type Box, type BoxName, kubeletPort } from "./architecture.ts";
import { type Chip, chipsHeight, drawChips } from "./chips.ts";
import { canvas, layout, platformFrame, type Point, straightLine } from "./layout.ts";
import { element, faint, page, paper, rect, text, widthOf, wrapped } from "./svg.ts";

const colors: Record<Arrow["kind"], string> = { connects: "#486581", starts: "#b44d12" };
const dashes: Record<Arrow["kind"], string | undefined> = { connects: undefined, starts: "6 4" };
const fills: Partial<Record<BoxName, string>> = {
  postgres: "#e3f1e6",
  minio: "#e3f1e6",
  kubernetes: "#eef1f4",
  projects: "#fdf0dd",
};
const otherFill = "#e6effa";
const markFills: Record<string, string> = { web: "#c3ddfd", metrics: "#ffd8b8", internet: "#d9dee4" };

/** The picture of the architecture. */
export function architectureSvg({ stack, boxes, arrows, platform }: Architecture): string {
  const names = boxes.map(({ name }) => name);
  const { x, y } = platformFrame;
  const description = arrows.map(sentence).join(" ");
  return page({ ...canvas, title: "The platform, and who talks to whom in it", description }, [
    element("defs", {}, (["connects", "starts"] as const).map(marker).join("")),
    text(x, 33, 15, `The stack ${stack}`, { "font-weight": "bold" }),
    text(x, 51, 12, "as its resources say", { fill: faint }),
    rect(platformFrame, { fill: "#f9fafb", stroke: faint, "stroke-dasharray": "5 4" }),
    text(x + 16, y + 21, 12.5, `namespace ${platform}`, { fill: faint }),
    ...boxes.flatMap(drawBox),
    ...arrows.flatMap((arrow) => drawArrow(arrow, straightLine(arrow.from, arrow.to, names))),
    ...legend(canvas.height - 24),
  ]);
}

/** The API server has one of several ports, which depends on the cluster. */
function labelOf(arrow: Arrow): string {
  if (arrow.kind === "starts") return "starts pods";
  if (arrow.to !== "kubernetes") return arrow.ports.join(", ");
  return arrow.ports.includes(kubeletPort) ? `API, kubelets ${kubeletPort}` : "API";
}

/** The text of an arrow for a screen reader. */
function sentence(arrow: Arrow): string {
  return arrow.kind === "starts"
    ? `${arrow.from} starts pods of ${arrow.to}.`
    : `${arrow.from} connects to ${arrow.to} on ${arrow.ports.join(", ")}.`;
}

function drawBox({ name, title, parts, elsewhere, marks }: Box): string[] {
  const area = layout[name];
  const style = { fill: fills[name] ?? otherFill, stroke: "#9fb3c8" };
  const left = area.x + 10;
  const inner = area.width - 20;
  const chips = marks.map((label): Chip => ({ label, fill: markFills[label.split(" ")[0] ?? ""] ?? paper }));
  // A wide box has room beside its title.
  const isFlat = area.width > 500;
  const chipsLeft = isFlat ? left + widthOf(title, 15) + 16 : left;
  const chipsTop = isFlat ? area.y + 9 : area.y + area.height - 10 - chipsHeight(chips, inner);
  const lines = wrapped(parts, 12, inner, " · ").flatMap((line) => wrapped(line.split(" "), 12, inner));
  const below = area.y + 43 + 16 * lines.length + 12;
  return [
    ...(name === "projects" ? [12, 6].map((by) => rect({ ...area, x: area.x + by, y: area.y + by }, style)) : []),
    rect(area, style),
    text(left, area.y + 23, 15, title, { "font-weight": "bold" }),
    ...lines.map((words, index) => text(left, area.y + 43 + 16 * index, 12, words)),
    ...elsewhere.map((where, index) =>
      text(left, below + 16 * index, 12, where, { "font-style": "italic", fill: faint }),
    ),
    ...drawChips(chips, chipsLeft, chipsTop, inner),
  ];
}

function drawArrow(arrow: Arrow, [start, end]: [Point, Point]): string[] {
  const stroke = colors[arrow.kind];
  const marker = `url(#${arrow.kind})`;
  const dash = { "stroke-dasharray": dashes[arrow.kind] };
  const path = { x1: start.x, y1: start.y, x2: end.x, y2: end.y };
  const label = labelOf(arrow);
  const isFlat = start.y === end.y;
  const fits = start.x + 6 + widthOf(label, 11.5) < canvas.width;
  const area = isFlat
    ? { x: (start.x + end.x) / 2, y: start.y - 5, "text-anchor": "middle" }
    : { x: start.x + (fits ? 6 : -6), y: Math.max(start.y, end.y) - 10, "text-anchor": fits ? "start" : "end" };
  return [
    element("line", { ...path, stroke, "stroke-width": 1.8, "marker-end": marker, ...dash }),
    text(area.x, area.y, 11.5, label, { fill: stroke, "text-anchor": area["text-anchor"] }),
  ];
}

function marker(kind: Arrow["kind"]): string {
  const tip = element("path", { d: "M0 0 L9 4.5 L0 9 z", fill: colors[kind] });
  const size = { markerWidth: 9, markerHeight: 9, refX: 9, refY: 4.5 };
  return element("marker", { id: kind, ...size, markerUnits: "userSpaceOnUse", orient: "auto" }, tip);
}

const meanings: [keyof typeof markFills, string][] = [
  ["web UI", "for browsers"],
  ["metrics", "read by Prometheus"],
  ["internet", "may leave the cluster"],
];

/** What lines and chips mean, in one row. */
function legend(y: number): string[] {
  const arrow = drawArrow({ kind: "connects", from: "airflow", to: "minio", ports: [] }, [
    { x: 20, y: y + 9 },
    { x: 52, y: y + 9 },
  ]);
  return [
    ...arrow,
    text(58, y + 13, 12, "opens a connection, port"),
    ...meanings.flatMap(([label, meaning], index) => {
      const x = 236 + index * 200;
      const chip = { label, fill: markFills[label.split(" ")[0] ?? ""] ?? paper };
      return [...drawChips([chip], x, y, 100), text(x + 68, y + 13, 12, meaning)];
    }),
  ];
}
