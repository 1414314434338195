import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { webLimits } from "./gke-web-limits.ts";

export interface GkeAddressArgs {
  /** Name of the address, the TLS policy and the security policy, which the Ingress gives. */
  name: string;
  /** The hosts are below it; undefined: each UI has a host of its own, whose record is made by hand. */
  domain: string | undefined;
  /** Cloud DNS zone that gets a record; undefined: the record is made by hand. */
  dnsZone: string | undefined;
  /** Who may connect; undefined: everyone. */
  sourceRanges: readonly string[] | undefined;
}

/** Name of the address, the TLS policy and the security policy of a cluster's Ingress. */
export function webName(cluster: string): string {
  return `${cluster}-web`;
}

/**
 * The fixed address of the Ingress, who may connect and how often, and the DNS record of all its hosts, which a managed
 * certificate waits for.
 *
 * They belong to the cluster's layer: the platform names them, and needs no right in the project.
 */
export class GkeAddress extends pulumi.ComponentResource {
  constructor(name: string, args: GkeAddressArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:gke-address:GkeAddress", name, {}, opts);
    const child = { parent: this };
    const address = new gcp.compute.GlobalAddress(name, { name: args.name, addressType: "EXTERNAL" }, child);
    new gcp.compute.SSLPolicy(name, { name: args.name, profile: "MODERN", minTlsVersion: "TLS_1_2" }, child);
    new gcp.compute.SecurityPolicy(name, { name: args.name, rules: webLimits(args.sourceRanges) }, child);
    if (args.dnsZone !== undefined && args.domain !== undefined) {
      new gcp.dns.RecordSet(
        name,
        {
          managedZone: args.dnsZone,
          name: `*.${args.domain}.`,
          type: "A",
          ttl: 300,
          rrdatas: [address.address],
        },
        child,
      );
    }
    this.registerOutputs({});
  }
}
