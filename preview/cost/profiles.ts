import { fewestNodes } from "../../components/cluster/billed.ts";
import { cloudsByKind } from "../../components/cluster/kinds.ts";
import { billedItemsOf } from "./billed.ts";
import { type Cost, costOf, formatUsd, taskNodeUsd } from "./cost.ts";
import type { Rendering } from "../render.ts";

/** A stack whose cost the documentation shows. */
export interface Profile {
  /** Name of its cloud's kind of cluster. */
  cloud: string;
  /** Name of its file, without `Pulumi.` and `.yaml`. */
  stack: string;
  /** Whether it is one of examples/stacks. */
  isExample: boolean;
}

/** Of each cloud, the checked-in stack and the cheapest one. */
export const profiles: readonly Profile[] = Object.keys(cloudsByKind).flatMap((cloud) => [
  { cloud, stack: cloud, isExample: false },
  { cloud, stack: `small-${cloud}`, isExample: true },
]);

export interface ProfileCost extends Profile {
  cost: Cost;
  /** Fewest nodes, which are there while nothing runs. */
  nodes: number;
  /** One node for tasks for an hour; undefined: tasks run on the platform's nodes. */
  taskNodeUsd: number | undefined;
}

/** What a profile costs, by the very estimate of its preview. */
export function costOfProfile(profile: Profile, rendering: Rendering): ProfileCost {
  const items = billedItemsOf(rendering);
  const cost = costOf(items, rendering.stack);
  if (cost === undefined) throw new Error(`${profile.stack} creates nothing in a cloud`);
  return { ...profile, cost, nodes: fewestNodes(items), taskNodeUsd: taskNodeUsd(items, rendering.stack) };
}

/** The table of all profiles: what each kind of resource costs in a month. */
export function profileTable(costs: readonly ProfileCost[]): string {
  const kinds = [...new Set(costs.flatMap(({ cost }) => cost.lines.map(({ kind }) => kind)))].toSorted();
  const row = (title: string, valueOf: (cost: ProfileCost) => string) =>
    `| ${[title, ...costs.map(valueOf)].join(" | ")} |`;
  const sumOf = ({ cost }: ProfileCost, kind: string) => {
    const lines = cost.lines.filter((line) => line.kind === kind);
    return lines.length === 0 ? "" : formatUsd(lines.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0));
  };
  const free = ({ cost }: ProfileCost) => cost.free.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0);
  return [
    row("", ({ stack }) => stack),
    row("---", () => "---:"),
    row("region", ({ cost }) => cost.region),
    row("nodes while nothing runs", ({ nodes }) => String(nodes)),
    ...kinds.map((kind) => row(kind, (cost) => sumOf(cost, kind))),
    row("**total**", ({ cost }) => `**${formatUsd(cost.totalUsd)}**`),
    row("after the free tier", (cost) => (free(cost) === 0 ? "" : formatUsd(cost.cost.totalUsd - free(cost)))),
    row("each hour of a spot node", ({ taskNodeUsd: usd }) => (usd === undefined ? "" : usd.toFixed(3))),
  ].join("\n");
}
