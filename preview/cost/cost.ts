import { amountOf, type BilledItem, type Charge, serversOf } from "../../components/cluster/billed.ts";
import { cloudOf } from "../../components/cluster/kinds.ts";
import type { Price, PriceTable } from "../../components/cluster/prices.ts";
import { textAt } from "../../lib/json.ts";
import { idOf } from "./billed.ts";
import type { Stack } from "../stack.ts";

/** The cost of a stack for a month, by list prices. */
export interface Cost {
  region: string;
  /** Day on which the prices were looked up. */
  seen: string;
  lines: CostLine[];
  /** What has no price in the table; with any, the total is a lower bound. */
  missing: string[];
  totalUsd: number;
}

interface CostLine {
  /** E.g. `nodes default`. */
  item: string;
  monthlyUsd: number;
}

/** Hours of a month, as both clouds' calculators count them. */
const hours = 730;

/**
 * Prices what a stack makes in a cloud: its fewest nodes, and disks of the sizes that are asked for.
 *
 * Traffic, requests, logs, backups and objects in buckets depend on use and are not in it.
 *
 * @returns undefined for a stack without a cloud's cluster
 */
export function costOf(items: readonly BilledItem[], stack: Pick<Stack, "config" | "project">): Cost | undefined {
  const cluster: unknown = JSON.parse(stack.config[`${stack.project}:cluster`] ?? "{}");
  const [kind = "", region] = [textAt(cluster, "kind"), textAt(cluster, "region")];
  const billing = cloudOf({ kind })?.billing;
  if (billing === undefined || region === undefined || items.length === 0) return undefined;
  const nodes = items.reduce((sum, item) => sum + (item.kind === "nodes" ? amountOf(item, "minimum nodes") : 0), 0);
  const lines: CostLine[] = [];
  const missing: string[] = [];
  for (const item of items) {
    const charges = (billing.chargesOf?.(item, nodes) ?? chargesOf(item)).filter(({ amount }) => amount !== 0);
    const priced = charges.map((charge) => monthlyUsd(charge, region, billing.prices));
    charges.forEach(({ sku }, i) => {
      if (priced[i] === undefined) missing.push(`${idOf(item)}: ${kind} ${sku} in ${region}`);
    });
    const known = priced.filter((usd) => usd !== undefined);
    if (known.length > 0) lines.push({ item: idOf(item), monthlyUsd: rounded(known.reduce((a, b) => a + b, 0)) });
  }
  const totalUsd = rounded(lines.reduce((sum, line) => sum + line.monthlyUsd, 0));
  return { region, seen: billing.prices.seen, lines, missing, totalUsd };
}

/** The properties by which an item is billed. */
function chargesOf(item: BilledItem): Charge[] {
  const { kind, properties } = item;
  switch (kind) {
    case "nodes": {
      const count = amountOf(item, "minimum nodes");
      const disk = { sku: `disk ${properties.disk ?? "?"}`, amount: count * amountOf(item, "disk GiB") };
      return [{ sku: String(properties.machine), amount: count }, ...("disk GiB" in properties ? [disk] : [])];
    }
    case "volume":
      return [{ sku: `disk ${properties.type ?? "?"}`, amount: amountOf(item, "GiB") * Number(properties.count ?? 1) }];
    case "database":
      return [
        { sku: `database ${properties.machine ?? "?"}`, amount: serversOf(item) },
        { sku: `database ${properties.disk ?? "?"}`, amount: serversOf(item) * amountOf(item, "GiB") },
      ];
    case "NAT gateway":
    case "load balancer":
    case "address":
    case "endpoint":
    case "control plane":
    case "key":
    case "security policy":
      return [{ sku: kind, amount: 1 }];
  }
}

function monthlyUsd({ sku, amount }: Charge, region: string, { rows }: PriceTable): number | undefined {
  const price = rows.find((row) => row.sku === sku && (row.region === region || row.region === "all"));
  return price === undefined || Number.isNaN(amount) ? undefined : amount * price.usd * hoursOf(price);
}

function hoursOf({ per }: Price): number {
  return per === "hour" || per === "GiB-hour" ? hours : 1;
}

function rounded(usd: number): number {
  return Math.round(usd * 100) / 100;
}

/** Dollars with cents, as a table shows them. */
export function formatUsd(usd: number): string {
  return usd.toFixed(2);
}
