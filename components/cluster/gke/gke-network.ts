import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { GkeConfig } from "./data/schema.ts";

/** Names of the secondary ranges that pods and Services get their addresses from. */
export const rangeNames = { pods: "pods", services: "services" } as const;

export interface GkeNetworkArgs {
  project: string;
  region: string;
  network: GkeConfig["network"];
}

/**
 * The network of a cluster with private nodes: one subnetwork, and one Cloud NAT for what they fetch.
 *
 * An existing network has its own way out; the program creates nothing in it.
 *
 * ```ts
 * const network = new GkeNetwork("mlops", { project: "acme-ml", region: "europe-west4", network: cluster.network });
 * ```
 */
export class GkeNetwork extends pulumi.ComponentResource {
  /** `projects/<project>/global/networks/<name>` or the network's full link. */
  readonly networkLink: pulumi.Output<string>;
  readonly subnetworkLink: pulumi.Output<string>;
  /** Resources that must exist before a node pulls its first image. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: GkeNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:gke-network:GkeNetwork", name, {}, opts);
    const found = existing(args);
    const { networkLink, subnetworkLink, ready } = found ?? this.make(name, args);
    this.networkLink = networkLink;
    this.subnetworkLink = subnetworkLink;
    this.ready = ready;
    this.registerOutputs({ networkLink, subnetworkLink, ready });
  }

  private make(name: string, { region, network: ranges }: GkeNetworkArgs): Links {
    const child = { parent: this };
    const network = new gcp.compute.Network(name, { autoCreateSubnetworks: false, routingMode: "REGIONAL" }, child);
    const subnetwork = new gcp.compute.Subnetwork(
      name,
      {
        network: network.id,
        region,
        ipCidrRange: ranges.nodesCidr,
        // Nodes without public addresses reach the bucket and the registry directly, past the NAT.
        privateIpGoogleAccess: true,
        // Who talked to whom, for half of the packets and in steps of ten minutes: enough to look back, at a low price.
        logConfig: { aggregationInterval: "INTERVAL_10_MIN", flowSampling: 0.5, metadata: "INCLUDE_ALL_METADATA" },
        secondaryIpRanges: [
          { rangeName: rangeNames.pods, ipCidrRange: ranges.podsCidr },
          { rangeName: rangeNames.services, ipCidrRange: ranges.servicesCidr },
        ],
      },
      child,
    );
    const router = new gcp.compute.Router(name, { network: network.id, region }, child);
    const nat = new gcp.compute.RouterNat(
      name,
      {
        router: router.name,
        region,
        natIpAllocateOption: "AUTO_ONLY",
        sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
        subnetworks: [{ name: subnetwork.id, sourceIpRangesToNats: ["ALL_IP_RANGES"] }],
        logConfig: { enable: true, filter: "ERRORS_ONLY" },
      },
      child,
    );
    return { networkLink: network.id, subnetworkLink: subnetwork.id, ready: [nat] };
  }
}

type Links = Pick<GkeNetwork, "networkLink" | "subnetworkLink" | "ready">;

/** The network that the configuration names; undefined: one is to be made. */
function existing({ project, region, network: { name, subnetwork } }: GkeNetworkArgs): Links | undefined {
  if (name === undefined || subnetwork === undefined) return undefined;
  return {
    networkLink: pulumi.output(`projects/${project}/global/networks/${name}`),
    subnetworkLink: pulumi.output(`projects/${project}/regions/${region}/subnetworks/${subnetwork}`),
    ready: [],
  };
}
