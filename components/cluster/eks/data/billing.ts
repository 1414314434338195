import { at, numberAt, textAt } from "../../../../lib/json.ts";
import type { Registration } from "../../../../lib/recording.ts";
import { type Billing, database, loadBalancer, type NodeGroup, piece, volume } from "../../billed.ts";
import { eksPrices } from "./prices.ts";

/** How AWS bills. */
export const eksBilling: Billing = {
  prices: eksPrices,
  items: {
    "aws:ebs/volume:Volume": (inputs) => volume(textAt(inputs, "type") ?? "gp2", inputs.size),
    "aws:ec2/eip:Eip": () => piece("address"),
    "aws:ec2/natGateway:NatGateway": () => piece("NAT gateway"),
    "aws:eks/cluster:Cluster": () => piece("control plane"),
    "aws:kms/key:Key": () => piece("key"),
    "aws:lb/loadBalancer:LoadBalancer": (inputs) => loadBalancer(textAt(inputs, "loadBalancerType") ?? "application"),
    "aws:rds/instance:Instance": (inputs) =>
      database({
        machine: textAt(inputs, "instanceClass"),
        gibibytes: inputs.allocatedStorage,
        disk: inputs.storageType,
        hasStandby: inputs.multiAz === true,
      }),
  },
  byUse: {
    "aws:cloudwatch/logGroup:LogGroup": "logs of the control plane",
    "aws:ecr/repository:Repository": "images in ECR",
    "aws:s3/bucket:Bucket": "objects in the bucket",
  },
  free: /^aws:(ec2\/(defaultSecurityGroup|internetGateway|launchTemplate|route|routeTable|routeTableAssociation|securityGroup|subnet|vpc|vpcEndpoint)|ecr\/lifecyclePolicy|eks\/addon|eks\/access\w+|iam\/\w+|rds\/(parameterGroup|subnetGroup)|s3\/bucket\w+|vpc\/securityGroupIngressRule):/,
  nodeGroups: {
    "aws:eks/nodeGroup:NodeGroup": (group, all) => ({
      machineType: textAt(group.inputs, "instanceTypes.0") ?? "",
      minCount: numberAt(group.inputs, "scalingConfig.minSize"),
      maxCount: numberAt(group.inputs, "scalingConfig.maxSize"),
      diskSizeGiB: numberAt(group.inputs, "diskSize"),
      diskType: undefined,
      isSpot: at(group.inputs, "capacityType") === "SPOT",
      hasPublicAddress: isInPublicSubnet(group, all),
      ...ofTemplate(group, all),
    }),
  },
  storageClasses: {},
  ingressGroup: "alb.ingress.kubernetes.io/group.name",
  // AWS bills each public address, and a load balancer has one in each zone.
  // Source: https://aws.amazon.com/vpc/pricing/
  chargesOf: ({ kind }) =>
    kind === "load balancer"
      ? [
          { sku: "load balancer", amount: 1 },
          { sku: "address", amount: zones },
        ]
      : undefined,
};

/** Zones of each cluster that the program makes. */
const zones = 3;

function isInPublicSubnet({ dependencies }: Registration, all: readonly Registration[]): boolean {
  return all.some(
    ({ urn, type, inputs }) =>
      type === "aws:ec2/subnet:Subnet" && inputs.mapPublicIpOnLaunch === true && dependencies.includes(urn),
  );
}

/** A launch template that a group depends on says what its disks are, and maybe its machines. */
function ofTemplate({ dependencies }: Registration, all: readonly Registration[]): Partial<NodeGroup> {
  const template = all.find(
    ({ urn, type }) => type === "aws:ec2/launchTemplate:LaunchTemplate" && dependencies.includes(urn),
  );
  if (template === undefined) return {};
  const disk = at(template.inputs, "blockDeviceMappings.0.ebs");
  const machineType = textAt(template.inputs, "instanceType");
  return {
    diskSizeGiB: numberAt(disk, "volumeSize"),
    diskType: textAt(disk, "volumeType"),
    ...(machineType === undefined ? {} : { machineType }),
  };
}
