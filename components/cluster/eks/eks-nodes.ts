import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EksConfig } from "./data/schema.ts";
import { type NodePool, nodePools, type NodePoolsArgs } from "./eks-node-pools.ts";
import { awsManagedPolicy, serviceTrust } from "./eks-policies.ts";

export interface EksNodesArgs extends NodePoolsArgs, Pick<EksConfig, "nodeRelease"> {
  clusterName: pulumi.Output<string>;
  /** The control plane's. */
  version: pulumi.Output<string>;
  region: string;
  /** Names of the zones, and a subnet of the nodes in each. */
  zones: string[];
  subnetIds: pulumi.Output<string>[];
  /** Path of the roles. */
  rolePath: string;
  /** Tags of the machines, their disks and network interfaces, which get none of the provider's. */
  tags: Record<string, string>;
}

/**
 * The cluster's nodes, as managed node groups of one launch template.
 *
 * ```ts
 * const nodes = new EksNodes("nodes", { ...config, clusterName, zones, subnetIds, rolePath: "/mlops/", tags: {} });
 * ```
 */
export class EksNodes extends pulumi.ComponentResource {
  constructor(name: string, args: EksNodesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:eks-nodes:EksNodes", name, {}, opts);
    const role = this.role(name, args);
    const pools = nodePools(args, args.zones);
    const templates = {
      platform: this.launchTemplate(`${name}-platform`, args, platformNode(args.nodes)),
      ...(args.gpuNodes && { gpu: this.launchTemplate(`${name}-gpu`, args, gpuNode(args.nodes)) }),
    };
    let before: aws.eks.NodeGroup[] = [];
    for (const pool of pools) {
      const launchTemplate = templates[pool.launchTemplate];
      if (launchTemplate === undefined) throw new Error(`the pool ${pool.name} has no launch template`);
      // One after another: no change takes the nodes of two groups at once.
      before = [this.group(`${name}-${pool.name}`, args, pool, { role, launchTemplate, before })];
    }
    this.registerOutputs({});
  }

  /** What a node itself may do; pods have roles of their own. */
  private role(name: string, { rolePath, region }: EksNodesArgs): NodeRole {
    const assumeRolePolicy = JSON.stringify(serviceTrust("ec2.amazonaws.com"));
    const role = new aws.iam.Role(name, { path: rolePath, assumeRolePolicy }, { parent: this });
    const attachments = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"].map((policy) => {
      const policyArn = awsManagedPolicy(region, policy);
      return new aws.iam.RolePolicyAttachment(`${name}-${policy}`, { role: role.name, policyArn }, { parent: this });
    });
    return { arn: role.arn, attachments };
  }

  private launchTemplate(
    name: string,
    { tags }: EksNodesArgs,
    { disks, userData }: NodeSystem,
  ): aws.ec2.LaunchTemplate {
    return new aws.ec2.LaunchTemplate(
      name,
      {
        blockDeviceMappings: disks.map(({ device, ebs }) => ({
          deviceName: device,
          ebs: { ...ebs, encrypted: "true", deleteOnTermination: "true" },
        })),
        // One hop: a pod cannot reach the node's own identity.
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
          resourceType,
          tags: { ...tags, Name: name },
        })),
        updateDefaultVersion: true,
        userData: Buffer.from(userData).toString("base64"),
      },
      { parent: this },
    );
  }

  private group(
    name: string,
    args: EksNodesArgs,
    pool: NodePool,
    { role, launchTemplate, before }: GroupParts,
  ): aws.eks.NodeGroup {
    const { clusterName, version, subnetIds } = args;
    return new aws.eks.NodeGroup(
      name,
      {
        clusterName,
        version,
        releaseVersion: this.release(args, pool),
        nodeRoleArn: role.arn,
        subnetIds: subnetIds.filter((_, i) => pool.zones.includes(i)),
        amiType: pool.launchTemplate === "gpu" ? "BOTTLEROCKET_x86_64_NVIDIA" : "AL2023_x86_64_STANDARD",
        capacityType: pool.isSpot ? "SPOT" : "ON_DEMAND",
        instanceTypes: [pool.machineType],
        launchTemplate: { id: launchTemplate.id, version: launchTemplate.latestVersion.apply(String) },
        scalingConfig: { minSize: pool.minCount, maxSize: pool.maxCount, desiredSize: pool.minCount },
        updateConfig: { maxUnavailable: 1 },
        nodeRepairConfig: { enabled: true },
        labels: pool.labels,
        taints: pool.taintKeys.map((key) => ({ key, value: "true", effect: "NO_SCHEDULE" })),
      },
      // How many nodes there are is the autoscaler's.
      { parent: this, dependsOn: [...role.attachments, ...before], ignoreChanges: ["scalingConfig.desiredSize"] },
    );
  }

  /**
   * Release of the nodes' image: the site's, or what AWS recommends for the control plane's version, so that an update
   * of the stack patches the nodes and its preview says so. EKS itself changes no image.
   *
   * Sources: https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id.html,
   * https://bottlerocket.dev/en/os/latest/#/concepts/ami-ids/
   */
  private release({ version, nodeRelease }: EksNodesArgs, { launchTemplate }: NodePool): pulumi.Input<string> {
    if (launchTemplate === "platform" && nodeRelease !== undefined) return nodeRelease;
    const name = releaseParameters[launchTemplate];
    const parameter = version.apply((minor) => name.replace("VERSION", minor));
    // The provider marks every parameter secret; this one is public.
    return pulumi.unsecret(aws.ssm.getParameterOutput({ name: parameter }, { parent: this }).value);
  }
}

/** Public parameters of AWS by the system of a launch template. */
const releaseParameters = {
  platform: "/aws/service/eks/optimized-ami/VERSION/amazon-linux-2023/x86_64/standard/recommended/release_version",
  gpu: "/aws/service/bottlerocket/aws-k8s-VERSION-nvidia/x86_64/latest/image_version",
} as const;

interface GroupParts {
  role: NodeRole;
  launchTemplate: aws.ec2.LaunchTemplate;
  /** Groups that change first. */
  before: aws.eks.NodeGroup[];
}

interface NodeRole {
  arn: pulumi.Output<string>;
  attachments: pulumi.Resource[];
}

/** What an operating system wants of a launch template. */
interface NodeSystem {
  /** A disk without a size has the system's own. */
  disks: { device: string; ebs: { volumeType: string; volumeSize?: number } }[];
  userData: string;
}

/**
 * Amazon Linux.
 *
 * Source: https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/
 */
function platformNode({ diskType, diskSizeGiB, podsPerNode }: NodePoolsArgs["nodes"]): NodeSystem {
  const nodeConfig = `apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  kubelet:
    config:
      maxPods: ${podsPerNode}
`;
  return {
    disks: [{ device: "/dev/xvda", ebs: { volumeType: diskType, volumeSize: diskSizeGiB } }],
    userData: `MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="BOUNDARY"

--BOUNDARY
Content-Type: application/node.eks.aws

${nodeConfig}
--BOUNDARY--
`,
  };
}

/**
 * Bottlerocket, whose NVIDIA variant brings the driver and the device plugin; images are on its second disk.
 *
 * Source: https://bottlerocket.dev/en/os/latest/#/api/settings/kubernetes/
 */
function gpuNode({ diskType, diskSizeGiB, podsPerNode }: NodePoolsArgs["nodes"]): NodeSystem {
  return {
    disks: [
      { device: "/dev/xvda", ebs: { volumeType: diskType } },
      { device: "/dev/xvdb", ebs: { volumeType: diskType, volumeSize: diskSizeGiB } },
    ],
    userData: `[settings.kubernetes]\nmax-pods = ${podsPerNode}\n`,
  };
}
