import { at, numberAt, textAt } from "../../../../lib/json.ts";
import {
  amountOf,
  type BilledItem,
  type Billing,
  type Charge,
  database,
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
    "gcp:container/cluster:Cluster": () => piece("control plane"),
    "gcp:kms/cryptoKey:CryptoKey": () => piece("key"),
    "gcp:sql/databaseInstance:DatabaseInstance": ({ settings }) =>
      database({
        machine: textAt(settings, "tier"),
        gibibytes: at(settings, "diskSize"),
        disk: at(settings, "diskType"),
        hasStandby: at(settings, "availabilityType") === "REGIONAL",
      }),
  },
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
  chargesOf: (item, nodes) => {
    if (item.kind === "NAT gateway") return [{ sku: "NAT gateway per node", amount: nodes }];
    return item.kind === "database" ? databaseCharges(item) : undefined;
  },
};

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
