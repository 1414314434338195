import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

export interface GkeDatabaseEndpointArgs {
  region: string;
  /** Link of the network that the endpoint is in. */
  networkLink: pulumi.Input<string>;
  /** Range of the endpoint's subnetwork. */
  cidr: string;
  /** Service attachment of the server. */
  target: pulumi.Input<string>;
}

/**
 * An address of the network behind which a Cloud SQL server is (Private Service Connect).
 *
 * It goes with the server: a peering with Google's network stays for days after the last server, and with it the network.
 * It costs 0.01 USD an hour. Source: https://cloud.google.com/sql/docs/postgres/configure-private-service-connect
 *
 * ```ts
 * const { address } = new GkeDatabaseEndpoint("mlops-postgres", { region, networkLink, cidr: "10.40.0.0/20", target });
 * ```
 */
export class GkeDatabaseEndpoint extends pulumi.ComponentResource {
  readonly address: pulumi.Output<string>;
  /** What must exist before the first connection. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: GkeDatabaseEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:gke-database-endpoint:GkeDatabaseEndpoint", name, {}, opts);
    const child = { parent: this };
    const { region, networkLink: network, cidr: ipCidrRange, target } = args;
    const subnetwork = new gcp.compute.Subnetwork(
      name,
      { network, region, ipCidrRange, privateIpGoogleAccess: true },
      child,
    );
    const address = new gcp.compute.Address(
      name,
      { region, subnetwork: subnetwork.id, addressType: "INTERNAL" },
      child,
    );
    const rule = new gcp.compute.ForwardingRule(
      name,
      {
        region,
        network,
        subnetwork: subnetwork.id,
        ipAddress: address.selfLink,
        // Neither an internal nor an external load balancer.
        loadBalancingScheme: "",
        target,
        // Another server closes the connection to the one before.
        recreateClosedPsc: true,
      },
      child,
    );
    this.address = address.address;
    this.ready = [rule];
    this.registerOutputs({ address: this.address, ready: this.ready });
  }
}
