import type { Registration } from "../../lib/recording.ts";
import type { PriceTable } from "./prices.ts";

/** An item whose price depends on its amount. */
export interface BilledItem {
  kind: BilledKind;
  /** `namespace/name` of an object, else the resource's name. */
  name: string;
  /** The properties that determine the price, in the terms of a price table; sizes are in GiB. */
  properties: Record<string, string | number>;
}

type BilledKind =
  | "control plane"
  | "nodes"
  | "pods"
  | "volume"
  | "database"
  | "load balancer"
  | "NAT gateway"
  | "address"
  | "endpoint"
  | "key"
  | "security policy"
  | "DNS zone";

/** A group of machines that a stack makes. */
export interface NodeGroup {
  name: string;
  machineType: string;
  /** Fewest and most machines, over all zones. */
  minCount: number | undefined;
  maxCount: number | undefined;
  diskSizeGiB: number | undefined;
  diskType: string | undefined;
  isSpot: boolean;
  /** Whether each machine has a public address of its own. @default false */
  hasPublicAddress?: boolean;
}

/** An amount of something that has a price. */
export interface Charge {
  /** As the price table calls it. */
  sku: string;
  /** Pieces, GiB or machines. */
  amount: number;
}

type Inputs = Record<string, unknown>;
type Nameless<T> = Omit<T, "name">;

/** How a cloud bills what a stack makes. */
export interface Billing {
  prices: PriceTable;
  /** How each type of resource is billed by its size or number, by its token; undefined: this one is free. */
  items: Readonly<Record<string, (inputs: Inputs) => Nameless<BilledItem> | undefined>>;
  /** What is billed of a type by use alone, and not estimated, by its token. */
  byUse: Readonly<Record<string, string>>;
  /** Types that cost nothing, or nothing beside what they belong to. */
  free: RegExp;
  /** How each type describes its nodes, by its token. */
  nodeGroups: Readonly<Record<string, (resource: Registration, all: readonly Registration[]) => Nameless<NodeGroup>>>;
  /** Whether the cloud bills a stack's pods, by its resources. @default - it bills nodes */
  billsPods?: (resources: readonly Registration[]) => boolean;
  /** Disk types of the storage classes that a cluster brings along. */
  storageClasses: Readonly<Record<string, string>>;
  /** Annotation that names the load balancer which Ingresses share. @default - each Ingress has its own */
  ingressGroup?: string;
  /**
   * Charges of an item that is not billed by its kind and type alone; undefined: it is.
   *
   * @param all every item of the stack
   */
  chargesOf?: (item: BilledItem, all: readonly BilledItem[]) => Charge[] | undefined;
  /** What the cloud's free tier pays of an item for the first stack of an account. @default - nothing */
  freeTier?: (item: BilledItem) => FreeTier | undefined;
}

/** What a cloud does not bill of the first item of a kind. */
export interface FreeTier {
  /** Who has it once, e.g. `billing account`. */
  once: string;
  /** The most that it pays in a month. */
  monthlyUsd: number;
}

/** The fewest nodes of a stack. */
export function fewestNodes(items: readonly BilledItem[]): number {
  return items.reduce((sum, item) => sum + (item.kind === "nodes" ? amountOf(item, "minimum nodes") : 0), 0);
}

/** The amount of an item. NaN if the size is unknown; the item then has no price. */
export function amountOf({ properties }: BilledItem, key: string): number {
  return Number(properties[key]);
}

/** How many servers a database is: a standby costs the same again. */
export function serversOf({ properties }: BilledItem): number {
  return properties.standby === "yes" ? 2 : 1;
}

export function volume(type: string, gibibytes: unknown): Nameless<BilledItem> {
  return { kind: "volume", properties: { type, GiB: shown(gibibytes) } };
}

interface DatabaseSize {
  machine: unknown;
  gibibytes: unknown;
  disk: unknown;
  hasStandby: boolean;
}

export function database({ machine, gibibytes, disk, hasStandby }: DatabaseSize): Nameless<BilledItem> {
  const properties = { machine: shown(machine), GiB: shown(gibibytes), disk: shown(disk) };
  return { kind: "database", properties: { ...properties, standby: hasStandby ? "yes" : "no" } };
}

export function loadBalancer(type: string): Nameless<BilledItem> {
  return { kind: "load balancer", properties: { type } };
}

/** An item of which only the number counts. */
export function piece(kind: BilledKind): Nameless<BilledItem> {
  return { kind, properties: {} };
}

function shown(value: unknown): string | number {
  return typeof value === "number" || typeof value === "string" ? value : "?";
}
