import { at, numberAt, textAt } from "../../../../lib/json.ts";
import {
  amountOf,
  type BilledItem,
  type Billing,
  type Charge,
  database,
  fewestNodes,
  loadBalancer,
  piece,
  serversOf,
  volume,
} from "../../billed.ts";
import { gkePrices } from "./prices.ts";

/** How Google Cloud bills. */
export const gkeBilling: Billing = {
  prices: gkePrices,
  items: {
    "gcp:compute/address:Address": ({ addressType }) => (addressType === "INTERNAL" ? undefined : piece("address")),
    "gcp:compute/disk:Disk": (inputs) => volume(textAt(inputs, "type") ?? "pd-standard", inputs.size),
    // Without a scheme it is an endpoint of Private Service Connect.
    "gcp:compute/forwardingRule:ForwardingRule": ({ loadBalancingScheme }) =>
      loadBalancingScheme === "" ? piece("endpoint") : loadBalancer("forwarding rule"),
    // An internal range for private services is not billed as an address.
    "gcp:compute/globalAddress:GlobalAddress": ({ purpose }) =>
      purpose === "VPC_PEERING" ? undefined : piece("address"),
    "gcp:compute/routerNat:RouterNat": () => piece("NAT gateway"),
    "gcp:compute/securityPolicy:SecurityPolicy": () => piece("security policy"),
    "gcp:container/cluster:Cluster": ({ location, enableAutopilot }) => ({
      ...piece("control plane"),
      ...(isZone(location) ? { properties: { location: "a zone" } } : {}),
      ...(enableAutopilot === true ? { properties: { mode: "Autopilot" } } : {}),
    }),
    "gcp:dns/managedZone:ManagedZone": () => piece("DNS zone"),
    "gcp:kms/cryptoKey:CryptoKey": () => piece("key"),
    "gcp:sql/databaseInstance:DatabaseInstance": ({ settings }) =>
      database({
        machine: textAt(settings, "tier"),
        gibibytes: at(settings, "diskSize"),
        disk: at(settings, "diskType"),
        hasStandby: at(settings, "availabilityType") === "REGIONAL",
      }),
  },
  byUse: {
    "gcp:artifactregistry/repository:Repository": "images in Artifact Registry",
    "gcp:storage/bucket:Bucket": "objects in the bucket",
  },
  free: /^gcp:(compute\/(network|router|sSLPolicy|subnetwork)|dns\/recordSet|projects\/\w+|serviceaccount\/\w+|sql\/user|\w+\/\w+(IAM|Iam)Member):/,
  billsPods: (resources) =>
    resources.some(({ type, inputs }) => type === "gcp:container/cluster:Cluster" && inputs.enableAutopilot === true),
  nodeGroups: {
    "gcp:container/nodePool:NodePool": ({ inputs }) => ({
      machineType: textAt(inputs, "nodeConfig.machineType") ?? "",
      minCount: numberAt(inputs, "autoscaling.totalMinNodeCount"),
      maxCount: numberAt(inputs, "autoscaling.totalMaxNodeCount"),
      diskSizeGiB: numberAt(inputs, "nodeConfig.diskSizeGb"),
      diskType: textAt(inputs, "nodeConfig.diskType"),
      isSpot: at(inputs, "nodeConfig.spot") === true,
    }),
  },
  // Source: https://cloud.google.com/kubernetes-engine/docs/how-to/persistent-volumes/gce-pd-csi-driver
  storageClasses: { "premium-rwo": "pd-ssd", standard: "pd-standard", "standard-rwo": "pd-balanced" },
  chargesOf: (item, all) => {
    if (item.kind === "NAT gateway") {
      return [
        // Where pods are billed, their nodes are not known.
        { sku: "NAT gateway per node", amount: Math.max(fewestNodes(all), 1) },
        { sku: "NAT gateway's address", amount: 1 },
      ];
    }
    if (item.kind === "load balancer") return [forwarding(item, all)];
    return item.kind === "database" ? databaseCharges(item) : undefined;
  },
  // Source: https://cloud.google.com/kubernetes-engine/pricing#cluster_management_fee_and_free_tier
  freeTier: ({ kind, properties }) =>
    kind === "control plane" && (properties.location === "a zone" || properties.mode === "Autopilot")
      ? { once: "billing account", monthlyUsd: 74.4 }
      : undefined,
};

/** `europe-west4-b`, and not the region `europe-west4`. */
function isZone(location: unknown): boolean {
  return typeof location === "string" && /-[a-z]$/.test(location);
}

/** One price is for up to five rules of a region, or of all regions; each further one costs two fifths of it. */
function forwarding({ properties }: BilledItem, all: readonly BilledItem[]): Charge {
  const sku = "forwarding rules, up to five";
  // Two rules of all regions: HTTPS and the redirection to it.
  if (properties.type === "ingress") return { sku, amount: 1 };
  const others = all.filter(({ kind, properties: { type } }) => kind === "load balancer" && type !== "ingress");
  return { sku, amount: (1 + Math.max(others.length - 5, 0) * 0.4) / others.length };
}

/** Cloud SQL bills a custom machine by its CPUs and memory. */
function databaseCharges(item: BilledItem): Charge[] | undefined {
  const [, cpus, mebibytes] = /^db-custom-(\d+)-(\d+)$/.exec(String(item.properties.machine)) ?? [];
  if (cpus === undefined || mebibytes === undefined) return undefined;
  const servers = serversOf(item);
  return [
    { sku: "database vCPU", amount: servers * Number(cpus) },
    { sku: "database memory", amount: (servers * Number(mebibytes)) / 1024 },
    { sku: `database ${item.properties.disk ?? "?"}`, amount: servers * amountOf(item, "GiB") },
  ];
}
