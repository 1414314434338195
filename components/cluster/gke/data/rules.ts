import { overlap, prefixOf } from "../../../../lib/cidr.ts";
import { type Facts, list, object, text } from "../../../../config/facts.ts";
import type { Rule } from "../../../../config/rule.ts";

const isGke = ({ kind }: Facts) => kind === "gke";
const network = ({ cluster }: Facts) => object(cluster.network);

/** The ranges of a network that is made, with the schema's defaults. */
const defaultRanges = {
  nodesCidr: "10.10.0.0/20",
  podsCidr: "10.20.0.0/16",
  servicesCidr: "10.30.0.0/20",
  databaseCidr: "10.40.0.0/20",
};
type RangeName = keyof typeof defaultRanges;
const rangeNames = Object.keys(defaultRanges) as RangeName[];

function rangeOf(facts: Facts, name: RangeName): unknown {
  return network(facts)[name] ?? defaultRanges[name];
}

/** The ranges before a range that it overlaps with; those of an existing network are its owner's to keep apart. */
function overlapping(facts: Facts, name: RangeName): RangeName[] {
  if (network(facts).name !== undefined) return [];
  const before = rangeNames.slice(0, rangeNames.indexOf(name));
  return before.filter((other) => overlap(rangeOf(facts, name), rangeOf(facts, other)));
}

/** Pools with the most nodes of each by default; that of the platform is always there. */
const pools = { nodes: 3, spotNodes: 3, gpuNodes: 1 };
type PoolName = keyof typeof pools;
const poolNames = Object.keys(pools) as PoolName[];

/** The most nodes of all pools, and one more in each while it is upgraded. */
function mostNodes({ cluster }: Facts): number {
  const made = poolNames.filter((pool) => pool === "nodes" || cluster[pool] !== undefined);
  return made.reduce((sum, pool) => sum + Number(object(cluster[pool]).maxCount ?? pools[pool]) + 1, 0);
}

/** Google gives a node twice as many addresses as it has pods, and rounds up to a whole range. */
function podAddresses({ cluster }: Facts): number {
  return 2 ** Math.ceil(Math.log2(2 * Number(object(cluster.nodes).podsPerNode ?? 110)));
}

/**
 * Addresses that the most nodes take of a range, and the longest prefix that the schema has for it.
 *
 * Source: https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips#cluster_sizing
 */
const taken: { name: RangeName; longest: number; addresses: (facts: Facts) => number; fix: string }[] = [
  // Four addresses of a subnetwork are Google's.
  { name: "nodesCidr", longest: 29, addresses: (facts) => mostNodes(facts) + 4, fix: "10.10.0.0/20" },
  { name: "podsCidr", longest: 21, addresses: (facts) => mostNodes(facts) * podAddresses(facts), fix: "10.128.0.0/12" },
];

/** Google's rules for labels of resources, which Kubernetes' are wider than. */
const isLabel = ([key, value]: [string, unknown]) =>
  /^[a-z][a-z0-9_-]{0,62}$/.test(key) && (typeof value !== "string" || /^[a-z0-9_-]{0,63}$/.test(value));

/** What must hold between the keys of a GKE cluster. */
export const gkeRules: Rule[] = [
  ...rangeNames.map((name): Rule => ({
    key: `cluster.network.${name}`,
    broken: (facts) => isGke(facts) && overlapping(facts, name).length > 0,
    allowed: (facts) =>
      `a range that shares no address with ${overlapping(facts, name)
        .map((other) => `cluster.network.${other}, ${String(rangeOf(facts, other))}`)
        .join(" or ")}`,
    fix: defaultRanges[name],
  })),
  ...taken.map(({ name, longest, addresses, fix }): Rule => ({
    key: `cluster.network.${name}`,
    broken: (facts) =>
      isGke(facts) &&
      network(facts).name === undefined &&
      addresses(facts) > 2 ** (32 - prefixOf(text(rangeOf(facts, name)))),
    allowed: (facts) =>
      `at least a /${Math.min(longest, 32 - Math.ceil(Math.log2(addresses(facts))))}: ${addresses(facts)} addresses for ${mostNodes(facts)} nodes, which are maxCount of each pool and one for its upgrade`,
    fix,
  })),
  {
    key: "cluster.network.subnetwork",
    broken: (facts) => isGke(facts) && network(facts).name !== undefined && network(facts).subnetwork === undefined,
    allowed: "the subnetwork of cluster.network.name that the nodes go to",
    fix: "<subnetwork>",
  },
  {
    key: "cluster.network.name",
    broken: (facts) => isGke(facts) && network(facts).name === undefined && network(facts).subnetwork !== undefined,
    allowed: "the network of cluster.network.subnetwork",
    fix: "<network>",
  },
  {
    key: "cluster.zones",
    broken: (facts) =>
      isGke(facts) &&
      list(facts.cluster.zones).some((zone) => !text(zone).startsWith(`${text(facts.cluster.region)}-`)),
    allowed: ({ cluster }) => `zones of cluster.region, ${text(cluster.region)}`,
    fix: "[]",
  },
  {
    key: "cluster.nodes.maxCount",
    broken: (facts) =>
      isGke(facts) && Number(object(facts.cluster.nodes).maxCount ?? 3) < list(facts.cluster.zones).length,
    allowed: ({ cluster }) => `at least ${list(cluster.zones).length}, one for each of cluster.zones`,
    fix: "3",
  },
  {
    key: "cluster.nodes.spot",
    broken: (facts) => isGke(facts) && object(facts.cluster.nodes).spot !== undefined,
    allowed: "no spot nodes for what keeps state; a pool for tasks is cluster.spotNodes",
  },
  ...poolNames.map((pool): Rule => ({
    key: `cluster.${pool}.machineType`,
    broken: (facts) => isGke(facts) && /^(t2a|c4a|n4a|a4x)-/.test(text(object(facts.cluster[pool]).machineType)),
    allowed: "a machine type with x86 processors, which the images are built for",
    fix: pool === "gpuNodes" ? "g2-standard-4" : "e2-standard-4",
  })),
  {
    key: "cluster.nodes.diskType",
    broken: (facts) =>
      isGke(facts) && !/^(pd|hyperdisk)-/.test(text(object(facts.cluster.nodes).diskType ?? "pd-balanced")),
    allowed: "a disk type of Google: pd-… or hyperdisk-…",
    fix: "pd-balanced",
  },
  {
    key: "postgres.instanceType",
    // The other edition's tiers begin with db-perf-optimized.
    broken: (facts) =>
      isGke(facts) &&
      facts.postgres.instanceType !== undefined &&
      !/^db-(?!perf-optimized)/.test(text(facts.postgres.instanceType)),
    allowed: "a tier of Cloud SQL's Enterprise edition",
    fix: "db-custom-2-7680",
  },
  {
    key: "labels",
    broken: (facts) => isGke(facts) && !Object.entries(object(facts.config.labels)).every(isLabel),
    allowed: "keys and values of at most 63 of a-z, 0-9, _ and -, keys beginning with a letter, as Google's labels are",
  },
  {
    key: "cluster.dnsZone",
    broken: (facts) => isGke(facts) && facts.cluster.dnsZone !== undefined && facts.exposure.kind !== "ingress",
    allowed: "nothing unless exposure.kind is ingress",
  },
  {
    key: "exposure.domain",
    broken: (facts) =>
      isGke(facts) && facts.exposure.kind === "ingress" && `prometheus.${text(facts.exposure.domain)}`.length > 63,
    allowed: "a shorter domain: a managed certificate takes hosts of at most 63 characters",
    fix: "ml.example.org",
  },
];
