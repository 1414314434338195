import { z } from "zod";
import { cidr4, prefixOf } from "../../../../lib/cidr.ts";
import { cloud, gpuNodes, nodes, spotNodes } from "../../cloud-schema.ts";

const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as eu-central-1");

/** An existing EKS cluster. */
export const eksIdentity = z.strictObject({
  kind: z.literal("eks"),
  name: cloud.name.describe("Prefix of the names of the bucket and the roles."),
  region: region.describe("AWS region of the cluster and the bucket."),
  oidcProviderArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/.+$/, "arn:aws:iam::<account>:oidc-provider/<issuer>")
    .describe("ARN of the IAM OIDC provider of the cluster."),
});

/** The range of a VPC that three private subnets for pods and three public ones fit into. */
const vpcCidr = cidr4.refine((range) => prefixOf(range) >= 16 && prefixOf(range) <= 20, {
  error: "an IPv4 range between /16 and /20, such as 10.10.0.0/16",
});

/** Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html */
const servicesCidr = cidr4.refine((range) => {
  const prefix = prefixOf(range);
  return /^(10|172\.(1[6-9]|2\d|3[01])|192\.168)\./.test(range) && prefix >= 12 && prefix <= 24;
}, "a private IPv4 range between /12 and /24, such as 172.20.0.0/16");

/** An EKS cluster that the program makes. */
export const eks = z.strictObject({
  kind: z.literal("eks"),
  ...cloud,
  region: region.describe("Region of everything."),
  zones: z
    .array(z.string().min(1))
    .refine((zones) => zones.length === 0 || (zones.length === 3 && new Set(zones).size === 3), {
      error: "three different zones, or none for a, b and c",
    })
    .default([])
    .describe(
      "Zones of the subnets. Set them if EKS does not support a, b and c, see docs/eks.md. @default - [], letters a, b and c of the region",
    ),
  network: z
    .strictObject({
      cidr: vpcCidr.default("10.10.0.0/16").describe("Range of the VPC."),
      servicesCidr: servicesCidr.default("172.20.0.0/16").describe("Range of the Services."),
      natGateways: z
        .union([z.literal(0), z.literal(1), z.literal(3)], {
          error: "1, 3 for one in each zone, or 0 for nodes with public addresses",
        })
        .default(1)
        .describe("One, or one for each zone. 0: none, and each node has a public address. See docs/eks.md."),
    })
    .prefault({}),
  nodes: nodes("m7i.xlarge", "gp3"),
  spotNodes: spotNodes("m7i.xlarge"),
  // The instance type says how many accelerators a node has.
  gpuNodes: gpuNodes("g6.xlarge", "nvidia-l4")
    .unwrap()
    .omit({ acceleratorCount: true })
    .optional()
    .describe("A pool of GPU nodes, tainted `nvidia.com/gpu`. @default - none"),
  nodeRelease: z
    .string()
    .regex(/^1\.\d{2}\.\d+-\d{8}$/, "a release of Amazon Linux for EKS such as 1.35.0-20261120")
    .optional()
    .describe(
      "Release of the nodes' image, except of GPU nodes. @default - the one that AWS recommends at the time of the update",
    ),
  networkPolicyMode: z
    .enum(["strict", "standard"])
    .default("strict")
    .describe(
      "What a new pod may do until the VPC CNI has its NetworkPolicies: nothing with `strict`, which needs a policy in " +
        "every namespace (docs/eks.md), everything with `standard`. With networkPolicies: false, the mode is `standard`.",
    ),
  administrators: z
    .array(z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/.+$/, "arn:aws:iam::<account>:role/<name>"))
    .refine((arns) => new Set(arns).size === arns.length, { error: "each principal once" })
    .default([])
    .describe(
      "Additional principals with administrator access. EKS refuses the deploying principal here, which already has it.",
    ),
});

export type EksConfig = z.output<typeof eks>;
export type EksIdentity = z.output<typeof eksIdentity>;
