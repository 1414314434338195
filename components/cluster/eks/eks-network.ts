import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EksConfig } from "./data/schema.ts";
import { subnetPlan } from "./eks-subnets.ts";

export interface EksNetworkArgs extends Pick<EksConfig, "region" | "zones" | "network"> {
  /** Name of the cluster, by which load balancers find their subnets. */
  clusterName: string;
}

/**
 * A VPC over three zones: nodes in private subnets, load balancers and NAT in public ones.
 *
 * A NAT gateway costs about 33 USD a month and 0.045 USD a GB; traffic to S3 takes the free gateway endpoint. With one
 * gateway for all zones, the loss of its zone takes the others' way out with it. Without any, nodes are in the public
 * subnets, where each has an address of its own; the private ones keep the control plane's interfaces and the database,
 * and have no way out.
 *
 * ```ts
 * const network = new EksNetwork("network", { clusterName: "mlops", region, zones: [], network });
 * ```
 */
export class EksNetwork extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** One a zone, in the order of the zones. */
  readonly privateSubnetIds: pulumi.Output<string>[];
  /** Those of the nodes, which reach the internet from there. */
  readonly nodeSubnetIds: pulumi.Output<string>[];
  /** The zones' names. */
  readonly zones: string[];

  constructor(name: string, args: EksNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:eks-network:EksNetwork", name, {}, opts);
    const { network, region } = args;
    const child = { parent: this };
    const vpc = new aws.ec2.Vpc(
      name,
      // The control plane's private endpoint and the database are found by name.
      {
        cidrBlock: network.cidr,
        enableDnsHostnames: true,
        enableDnsSupport: true,
        tags: { Name: args.clusterName, [clusterTag]: args.clusterName },
      },
      child,
    );
    // Without a rule: nothing is meant to use it.
    new aws.ec2.DefaultSecurityGroup(`${name}-default`, { vpcId: vpc.id, ingress: [], egress: [] }, child);
    this.vpcId = vpc.id;
    this.zones = zonesOf(args);
    const { subnetIds: publicSubnetIds, gateway, routeTableId } = this.publicSubnets(name, args, vpc.id);
    const isPublic = network.natGateways === 0;
    const natIds = publicSubnetIds.slice(0, network.natGateways).map((subnetId, i) => {
      const zone = `${name}-nat-${letterOf(this.zones[i])}`;
      // No output tells that both need the internet gateway, and that it cannot go before them.
      const behind = { ...child, dependsOn: gateway };
      const address = new aws.ec2.Eip(zone, { domain: "vpc", tags: { Name: zone } }, behind);
      return new aws.ec2.NatGateway(zone, { allocationId: address.id, subnetId, tags: { Name: zone } }, behind).id;
    });
    const { subnetIds, routeTableIds } = this.privateSubnets(name, args, vpc.id, natIds);
    this.privateSubnetIds = subnetIds;
    this.nodeSubnetIds = isPublic ? publicSubnetIds : subnetIds;
    const serviceName = `com.amazonaws.${region}.s3`;
    const ofNodes = isPublic ? [routeTableId] : routeTableIds;
    const endpoint = { vpcId: vpc.id, serviceName, vpcEndpointType: "Gateway", routeTableIds: ofNodes };
    new aws.ec2.VpcEndpoint(`${name}-s3`, endpoint, child);
    this.registerOutputs({ vpcId: this.vpcId, privateSubnetIds: this.privateSubnetIds, zones: this.zones });
  }

  /** Subnets with a way to the internet, in both directions. */
  private publicSubnets(
    name: string,
    { network, clusterName }: EksNetworkArgs,
    vpcId: pulumi.Output<string>,
  ): PublicSubnets {
    const child = { parent: this };
    // What EKS asks of the subnets of nodes that have no other way out.
    const withNodes = network.natGateways === 0 ? { mapPublicIpOnLaunch: true } : {};
    const gateway = new aws.ec2.InternetGateway(name, { vpcId, tags: { Name: clusterName } }, child);
    const table = new aws.ec2.RouteTable(`${name}-public`, { vpcId, tags: { Name: `${clusterName}-public` } }, child);
    const route = { routeTableId: table.id, destinationCidrBlock: everywhere, gatewayId: gateway.id };
    new aws.ec2.Route(`${name}-public`, route, child);
    const subnetIds = subnetPlan(network.cidr).public.map((cidrBlock, i) => {
      const availabilityZone = this.zones[i] ?? "";
      const subnetName = `${name}-public-${letterOf(availabilityZone)}`;
      const tags = {
        Name: subnetName,
        [`kubernetes.io/cluster/${clusterName}`]: "shared",
        "kubernetes.io/role/elb": "1",
      };
      const subnet = new aws.ec2.Subnet(subnetName, { vpcId, cidrBlock, availabilityZone, tags, ...withNodes }, child);
      new aws.ec2.RouteTableAssociation(subnetName, { subnetId: subnet.id, routeTableId: table.id }, child);
      return subnet.id;
    });
    return { subnetIds, gateway, routeTableId: table.id };
  }

  /** Subnets that reach the internet through a NAT gateway, their zone's own or the only one, or not at all. */
  private privateSubnets(
    name: string,
    { network, clusterName }: EksNetworkArgs,
    vpcId: pulumi.Output<string>,
    natIds: pulumi.Output<string>[],
  ) {
    const child = { parent: this };
    const made = subnetPlan(network.cidr).private.map((cidrBlock, i) => {
      const availabilityZone = this.zones[i] ?? "";
      const subnetName = `${name}-private-${letterOf(availabilityZone)}`;
      const tags = {
        Name: subnetName,
        [`kubernetes.io/cluster/${clusterName}`]: "shared",
        "kubernetes.io/role/internal-elb": "1",
      };
      const subnet = new aws.ec2.Subnet(subnetName, { vpcId, cidrBlock, availabilityZone, tags }, child);
      const table = new aws.ec2.RouteTable(subnetName, { vpcId, tags: { Name: subnetName } }, child);
      const natGatewayId = natIds[i] ?? natIds[0];
      if (natGatewayId !== undefined) {
        const route = { routeTableId: table.id, destinationCidrBlock: everywhere, natGatewayId };
        new aws.ec2.Route(subnetName, route, child);
      }
      new aws.ec2.RouteTableAssociation(subnetName, { subnetId: subnet.id, routeTableId: table.id }, child);
      return { subnetId: subnet.id, routeTableId: table.id };
    });
    return {
      subnetIds: made.map(({ subnetId }) => subnetId),
      routeTableIds: made.map(({ routeTableId }) => routeTableId),
    };
  }
}

interface PublicSubnets {
  subnetIds: pulumi.Output<string>[];
  gateway: aws.ec2.InternetGateway;
  routeTableId: pulumi.Output<string>;
}

const everywhere = "0.0.0.0/0";

/** Tag of the VPC of one cluster. A `Name` may be another VPC's too, and the controller refuses to choose between two. */
export const clusterTag = "mlops/cluster";

/** The zones that the user names, or the region's first three. */
function zonesOf({ region, zones }: Pick<EksConfig, "region" | "zones">): string[] {
  return zones.length > 0 ? zones : ["a", "b", "c"].map((letter) => `${region}${letter}`);
}

/** `b` of `eu-central-1b`. */
export function letterOf(zone: string | undefined): string {
  return zone?.slice(-1) ?? "";
}
