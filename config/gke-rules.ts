import { overlap } from "./cidr.ts";
import { type Facts, isPublic, list, object, text } from "./facts.ts";
import type { Rule } from "./rules.ts";

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
  {
    key: "cluster.authorizedNetworks",
    broken: (facts) => isGke(facts) && list(facts.cluster.authorizedNetworks).some(isPublic),
    found: "a range that is everyone",
    allowed: "ranges of your own network such as 203.0.113.0/24, or none: the DNS endpoint needs no range",
    fix: "[]",
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
