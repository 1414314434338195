import { amountOf, type BilledItem, type Charge, type FreeTier, serversOf } from "../../components/cluster/billed.ts";
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
  /** What of the total the cloud's free tier pays, where an account has not used it for another stack. */
  free: FreeTier[];
}

interface CostLine {
  /** E.g. `nodes default`. */
  item: string;
  kind: BilledItem["kind"];
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
  const cloud = billedBy(stack);
  if (cloud === undefined || items.length === 0) return undefined;
  const { kind, region, billing } = cloud;
  const lines: CostLine[] = [];
  const free: FreeTier[] = [];
  const missing: string[] = [];
  for (const item of items) {
    const charges = (billing.chargesOf?.(item, items) ?? chargesOf(item)).filter(({ amount }) => amount !== 0);
    const priced = charges.map((charge) => monthlyUsd(charge, region, billing.prices));
    charges.forEach(({ sku }, i) => {
      if (priced[i] === undefined) missing.push(`${idOf(item)}: ${kind} ${sku} in ${region}`);
    });
    const known = priced.filter((usd) => usd !== undefined);
    if (known.length === 0) continue;
    const usd = rounded(known.reduce((a, b) => a + b, 0));
    lines.push({ item: idOf(item), kind: item.kind, monthlyUsd: usd });
    const tier = billing.freeTier?.(item);
    if (tier !== undefined) free.push({ ...tier, monthlyUsd: Math.min(tier.monthlyUsd, usd) });
  }
  const totalUsd = rounded(lines.reduce((sum, line) => sum + line.monthlyUsd, 0));
  return { region, seen: billing.prices.seen, lines, missing, totalUsd, free };
}

/** The cloud that a stack's cluster is made in. */
function billedBy({ config, project }: Pick<Stack, "config" | "project">) {
  const cluster: unknown = JSON.parse(config[`${project}:cluster`] ?? "{}");
  const [kind = "", region] = [textAt(cluster, "kind"), textAt(cluster, "region")];
  const billing = cloudOf({ kind })?.billing;
  return billing === undefined || region === undefined ? undefined : { kind, region, billing };
}

/**
 * What an hour of one node of the stack's spot pool costs, with its disk and its address.
 *
 * @returns undefined if the stack has none, or a price is missing
 */
export function taskNodeUsd(
  items: readonly BilledItem[],
  stack: Pick<Stack, "config" | "project">,
): number | undefined {
  const cloud = billedBy(stack);
  const pool = items.find(({ kind, properties }) => kind === "nodes" && String(properties.machine).endsWith(" spot"));
  if (cloud === undefined || pool === undefined) return undefined;
  const charges = chargesOf({ ...pool, properties: { ...pool.properties, "minimum nodes": 1 } });
  const month = charges.map((charge) => monthlyUsd(charge, cloud.region, cloud.billing.prices));
  return month.reduce<number | undefined>(
    (sum, usd) => (sum === undefined || usd === undefined ? undefined : sum + usd / hours),
    0,
  );
}

/** The properties by which an item is billed. */
function chargesOf(item: BilledItem): Charge[] {
  const { kind, properties } = item;
  switch (kind) {
    case "nodes": {
      const count = amountOf(item, "minimum nodes");
      const disk = { sku: `disk ${properties.disk ?? "?"}`, amount: count * amountOf(item, "disk GiB") };
      return [
        { sku: String(properties.machine), amount: count },
        ...("disk GiB" in properties ? [disk] : []),
        ...("public address" in properties ? [{ sku: "address", amount: count }] : []),
      ];
    }
    case "pods":
      return [
        { sku: "pod vCPU", amount: amountOf(item, "cores") },
        { sku: "pod memory", amount: amountOf(item, "memory GiB") },
        { sku: "pod disk", amount: amountOf(item, "disk GiB") },
      ];
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
    case "DNS zone":
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
