import { type BilledItem, idOf } from "./billed.ts";
import { isObject, textAt } from "../../lib/json.ts";
import { type Price, prices, seen } from "./prices.ts";
import type { Stack } from "../stack.ts";

/** What a stack would cost in a month, by list prices. */
export interface Cost {
  region: string;
  /** Day on which the prices were looked up. */
  seen: string;
  lines: CostLine[];
  /** What has no price in the table; with any, the total is a lower bound. */
  missing: string[];
  totalUsd: number;
}

export interface CostLine {
  /** E.g. `nodes default`. */
  item: string;
  monthlyUsd: number;
}

/** Hours of a month, as both clouds' calculators count them. */
const hours = 730;

/** An amount of something that has a price. */
interface Charge {
  sku: string;
  /** Pieces, GiB or machines. */
  amount: number;
}

/**
 * Prices what a stack makes in a cloud: its fewest nodes, and disks of the sizes that are asked for.
 *
 * Traffic, requests, logs, backups and objects in buckets depend on use and are not in it.
 *
 * @returns undefined for a stack without a cloud's cluster
 */
export function costOf(items: readonly BilledItem[], stack: Pick<Stack, "config" | "project">): Cost | undefined {
  const cluster: unknown = JSON.parse(stack.config[`${stack.project}:cluster`] ?? "{}");
  const [kind, region] = [textAt(cluster, "kind"), textAt(cluster, "region")];
  if (!isObject(cluster) || (kind !== "gke" && kind !== "eks") || region === undefined || items.length === 0) {
    return undefined;
  }
  const nodes = items.reduce((sum, item) => sum + (item.kind === "nodes" ? amountOf(item, "fewest nodes") : 0), 0);
  const lines: CostLine[] = [];
  const missing: string[] = [];
  for (const item of items) {
    const charges = chargesOf(item, kind, nodes).filter(({ amount }) => amount !== 0);
    const priced = charges.map((charge) => monthlyUsd(charge, region));
    charges.forEach(({ sku }, i) => {
      if (priced[i] === undefined) missing.push(`${idOf(item)}: ${sku} in ${region}`);
    });
    const known = priced.filter((usd) => usd !== undefined);
    if (known.length > 0) lines.push({ item: idOf(item), monthlyUsd: rounded(known.reduce((a, b) => a + b, 0)) });
  }
  const totalUsd = rounded(lines.reduce((sum, line) => sum + line.monthlyUsd, 0));
  return { region, seen, lines, missing, totalUsd };
}

/** What an item is billed by. */
function chargesOf(item: BilledItem, cloud: "gke" | "eks", nodes: number): Charge[] {
  const { kind, properties } = item;
  const one = (what: string, amount = 1): Charge => ({ sku: `${cloud} ${what}`, amount });
  switch (kind) {
    case "nodes": {
      const count = amountOf(item, "fewest nodes");
      const disk = one(`disk ${properties.disk ?? "?"}`, count * amountOf(item, "disk GiB"));
      return [one(String(properties.machine), count), ...("disk GiB" in properties ? [disk] : [])];
    }
    case "volume":
      return [one(`disk ${properties.type ?? "?"}`, amountOf(item, "GiB") * Number(properties.count ?? 1))];
    case "database":
      return databaseCharges(item, one);
    case "NAT gateway":
      return cloud === "gke" ? [one("NAT gateway per node", nodes)] : [one(kind)];
    case "load balancer":
    case "address":
    case "control plane":
    case "key":
      return [one(kind)];
  }
}

/** Cloud SQL bills a machine by its CPUs and memory, RDS by its type; a standby costs the same again. */
function databaseCharges(item: BilledItem, one: (what: string, amount?: number) => Charge): Charge[] {
  const { machine, disk, standby } = item.properties;
  const servers = standby === "yes" ? 2 : 1;
  const [, cpus, mebibytes] = /^db-custom-(\d+)-(\d+)$/.exec(String(machine)) ?? [];
  const storage = one(`database ${disk ?? "?"}`, servers * amountOf(item, "GiB"));
  if (cpus === undefined || mebibytes === undefined) return [one(`database ${machine ?? "?"}`, servers), storage];
  return [
    one("database vCPU", servers * Number(cpus)),
    one("database memory", (servers * Number(mebibytes)) / 1024),
    storage,
  ];
}

function monthlyUsd({ sku, amount }: Charge, region: string): number | undefined {
  const price = prices.find((each) => each.sku === sku && (each.region === region || each.region === "all"));
  return price === undefined || Number.isNaN(amount) ? undefined : amount * price.usd * hoursOf(price);
}

function hoursOf({ per }: Price): number {
  return per === "hour" || per === "GiB-hour" ? hours : 1;
}

/** NaN if the size is unknown; the item then has no price. */
function amountOf({ properties }: BilledItem, key: string): number {
  return Number(properties[key]);
}

function rounded(usd: number): number {
  return Math.round(usd * 100) / 100;
}

/** Dollars with cents, as a table shows them. */
export function showUsd(usd: number): string {
  return usd.toFixed(2);
}
