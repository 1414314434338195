import { overlap, prefixOf } from "../../../../lib/cidr.ts";
import { all, ask, keepOne, remove, set } from "../../../../config/fixes.ts";
import { regionRule, regionWarning } from "../../cloud-regions.ts";
import { type Machines, machineRules, machineWarnings } from "../../machine-rules.ts";
import type { Rule } from "../../../../config/rule.ts";
import { webUiNames } from "../../../parts.ts";
import { keyOf } from "../../../../lib/key-path.ts";
import { autopilotRules } from "./autopilot-rules.ts";
import { acceleratorsOf, hasNoAccelerator, isArm, isUnknownSeries, machineExpected, regions } from "./machines.ts";
import { ownRegistry } from "./registry.ts";
import { gke, type GkeConfig } from "./schema.ts";

interface Gke {
  cluster: GkeConfig;
}

/** The ranges of a network that the program creates, with the schema's default for each. */
const { nodesCidr, podsCidr, servicesCidr, databaseCidr } = gke.shape.network.parse({});
const defaultRanges = { nodesCidr, podsCidr, servicesCidr, databaseCidr };
type RangeName = keyof typeof defaultRanges;
const rangeNames = Object.keys(defaultRanges) as RangeName[];

/** The earlier ranges that a range overlaps with; the owner of an existing network keeps its ranges apart. */
function overlapping({ cluster: { network } }: Gke, name: RangeName): RangeName[] {
  if (network.name !== undefined) return [];
  const before = rangeNames.slice(0, rangeNames.indexOf(name));
  return before.filter((other) => overlap(network[name], network[other]));
}

const machines: Machines = {
  type: "a machine type",
  group: "a series",
  isArm,
  expected: machineExpected,
  isUnknown: isUnknownSeries,
  usual: "e2-standard-4",
  usualGpu: "g2-standard-4",
};

/** The maximum number of nodes of all pools, plus one in each pool during its upgrade. */
function mostNodes({ cluster }: Gke): number {
  const made = [cluster.nodes, cluster.spotNodes, cluster.gpuNodes].filter((pool) => pool !== undefined);
  return made.reduce((sum, { maxCount }) => sum + maxCount + 1, 0);
}

/** Google reserves twice as many addresses as a node has pods, and rounds up to a whole range. */
function podAddresses({ cluster }: Gke): number {
  return 2 ** Math.ceil(Math.log2(2 * cluster.nodes.podsPerNode));
}

/**
 * Addresses that the maximum number of nodes takes from a range.
 *
 * Source: https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips#cluster_sizing
 */
const taken: { name: RangeName; addresses: (config: Gke) => number; fix: string }[] = [
  // Google reserves four addresses of each subnetwork.
  { name: "nodesCidr", addresses: (config) => mostNodes(config) + 4, fix: "10.10.0.0/20" },
  { name: "podsCidr", addresses: (config) => mostNodes(config) * podAddresses(config), fix: "10.128.0.0/12" },
];

/** Google's rules for labels of resources, which are stricter than Kubernetes'. */
const isLabel = ([key, value]: [string, string]) =>
  /^[a-z][a-z0-9_-]{0,62}$/.test(key) && /^[a-z0-9_-]{0,63}$/.test(value);

/** The nearest name or value that Google accepts. */
const labelText = (text: string) => text.toLowerCase().replace(/[^a-z0-9_-]/g, "-");

/** Gives the labels that Google refuses the nearest names and values, if no other label has such a name. */
function relabelled(key: string, labels: Record<string, string>): string {
  const wrong = Object.entries(labels).filter((label) => !isLabel(label));
  const names = Object.keys(labels);
  const twice = wrong.find(([name]) => names.some((other) => other !== name && labelText(other) === labelText(name)));
  if (twice !== undefined) return keepOne([key, twice[0]], [key, labelText(twice[0])]);
  return all(wrong.map(([name, value]) => relabel(key, name, value)));
}

function relabel(key: string, name: string, value: string): string {
  const [newName, newValue] = [labelText(name), labelText(value)];
  const moved = newName === name ? [] : [remove(keyOf([key, name]))];
  return all([set(keyOf([key, newName]), newValue), ...moved]);
}

/** Rules between the keys of a GKE cluster. */
export const gkeRules: Rule<GkeConfig>[] = [
  ...rangeNames.map((name): Rule<GkeConfig> => ({
    key: `cluster.network.${name}`,
    broken: (config) => overlapping(config, name).length > 0,
    allowed: (config) =>
      `a range that shares no address with ${overlapping(config, name)
        .map((other) => `cluster.network.${other}, ${config.cluster.network[other]}`)
        .join(" or ")}`,
    fix: defaultRanges[name],
  })),
  ...taken.map(({ name, addresses, fix }): Rule<GkeConfig> => ({
    key: `cluster.network.${name}`,
    broken: (config) => {
      const { network } = config.cluster;
      return network.name === undefined && addresses(config) > 2 ** (32 - prefixOf(network[name]));
    },
    allowed: (config) =>
      `at least a /${32 - Math.ceil(Math.log2(addresses(config)))}: ${mostNodes(config)} nodes (maxCount of each pool, and one more during its upgrade) need ${addresses(config)} addresses`,
    fix,
  })),
  ...autopilotRules,
  {
    key: "cluster.network.subnetwork",
    broken: ({ cluster: { network } }) => network.name !== undefined && network.subnetwork === undefined,
    allowed: "the nodes' subnetwork in the network cluster.network.name",
    fix: ask,
  },
  {
    key: "cluster.network.name",
    broken: ({ cluster: { network } }) => network.name === undefined && network.subnetwork !== undefined,
    allowed: "the network that contains cluster.network.subnetwork",
    fix: ask,
  },
  {
    key: "cluster.network.databasePeering",
    broken: ({ cluster: { network } }) => network.name !== undefined && network.databasePeering,
    allowed: "no value with cluster.network.name: that network has a private services access already",
    fix: false,
  },
  {
    key: "cluster.zones",
    broken: ({ cluster: { region, zones } }) => zones.some((zone) => !zone.startsWith(`${region}-`)),
    allowed: ({ cluster }) => `zones of cluster.region, which is ${cluster.region}`,
  },
  {
    key: "cluster.nodes.maxCount",
    broken: ({ cluster }) => cluster.nodes.maxCount < cluster.zones.length,
    allowed: ({ cluster }) => `at least ${cluster.zones.length}, one for each of cluster.zones`,
    fix: (key, { cluster }) => set(key, cluster.zones.length),
  },
  ...machineRules(machines),
  {
    key: "cluster.gpuNodes.machineType",
    broken: ({ cluster: { gpuNodes } }) => gpuNodes !== undefined && hasNoAccelerator(gpuNodes.machineType),
    allowed: "a machine type with accelerators: g2-…, a2-…, a3-… or n1-…",
    fix: "g2-standard-4",
  },
  {
    key: "cluster.gpuNodes.accelerator",
    broken: ({ cluster: { gpuNodes } }) =>
      gpuNodes !== undefined && acceleratorsOf(gpuNodes.machineType)?.includes(gpuNodes.accelerator) === false,
    allowed: ({ cluster: { gpuNodes } }) =>
      `${acceleratorsOf(gpuNodes?.machineType ?? "")?.join(", ") ?? ""}, which ${gpuNodes?.machineType ?? ""} has`,
    fix: (key, { cluster: { gpuNodes } }) => set(key, acceleratorsOf(gpuNodes?.machineType ?? "")?.[0] ?? ""),
  },
  regionRule("Google Cloud", regions),
  {
    key: "cluster.nodes.diskType",
    broken: ({ cluster }) => !/^(pd|hyperdisk)-/.test(cluster.nodes.diskType),
    allowed: "a Google disk type: pd-… or hyperdisk-…",
    fix: "pd-balanced",
  },
  {
    key: "postgres.instanceType",
    // The other edition's tiers begin with db-perf-optimized.
    broken: ({ postgres }) =>
      postgres.kind === "managed" &&
      postgres.instanceType !== undefined &&
      !/^db-(?!perf-optimized)/.test(postgres.instanceType),
    allowed: "a tier of Cloud SQL's Enterprise edition",
    fix: "db-custom-2-7680",
  },
  {
    key: "labels",
    broken: ({ labels }) => !Object.entries(labels).every(isLabel),
    allowed:
      "keys and values of at most 63 characters of a-z, 0-9, _ and -, as Google requires; a key starts with a letter",
    fix: (key, { labels }) => relabelled(key, labels),
  },
  {
    key: "cluster.dnsZone",
    broken: ({ cluster, exposure }) => "dnsZone" in cluster && "className" in exposure,
    allowed: "no value with exposure.className: the program does not manage the address of that class",
  },
  {
    key: "cluster.dnsZone",
    broken: ({ cluster, exposure }) => "dnsZone" in cluster && exposure.kind !== "ingress",
    allowed: "no value unless exposure.kind is ingress",
  },
  {
    key: "cluster.dnsZone",
    broken: ({ cluster, exposure }) =>
      "dnsZone" in cluster && exposure.kind === "ingress" && exposure.domain === undefined,
    allowed: "no value without exposure.domain: you create the records of exposure.hosts",
  },
  {
    key: "exposure.domain",
    broken: ({ exposure }) =>
      exposure.kind === "ingress" && exposure.domain !== undefined && `prometheus.${exposure.domain}`.length > 63,
    allowed: "a shorter domain: a managed certificate covers hosts of at most 63 characters",
    fix: ask,
  },
  ...webUiNames.map((ui): Rule<GkeConfig> => ({
    key: `exposure.hosts.${ui}`,
    broken: ({ exposure }) =>
      exposure.kind === "ingress" && exposure.className === undefined && (exposure.hosts[ui]?.length ?? 0) > 63,
    allowed: "a shorter host: a managed certificate covers hosts of at most 63 characters",
    fix: ask,
  })),
];

/** What is most likely wrong, although nothing here can be sure of it. */
export const gkeWarnings: Rule<GkeConfig>[] = [
  regionWarning("Google Cloud", regions),
  ...machineWarnings(machines),
  {
    key: "imageRegistry",
    broken: ({ cluster, imageRegistry }) =>
      /^[a-z0-9-]+-docker\.pkg\.dev\//.test(imageRegistry) && imageRegistry !== ownRegistry(cluster),
    allowed: ({ cluster }) =>
      `${ownRegistry(cluster)}, which the program creates: the nodes have no access to other repositories of Google`,
    fix: (key, { cluster }) => set(key, ownRegistry(cluster)),
  },
];
