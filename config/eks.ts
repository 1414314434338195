import { z } from "zod";
import { cloud, gpuNodes, nodes, spotNodes } from "./cloud.ts";

/** An EKS cluster that is there already. */
export const eksIdentity = z.strictObject({
  kind: z.literal("eks"),
  region: z.string().min(1).describe("AWS region of the cluster and the bucket."),
  oidcProviderArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/.+$/, "arn:aws:iam::<account>:oidc-provider/<issuer>")
    .describe("ARN of the IAM OIDC provider of the cluster."),
});

/** An EKS cluster that the program makes. */
export const eks = z.strictObject({
  kind: z.literal("eks"),
  ...cloud,
  zones: z
    .array(z.string().min(1))
    .default([])
    .describe("Zones of the subnets. @default - [], letters a, b and c of the region"),
  network: z
    .strictObject({
      cidr: z.cidrv4().default("10.10.0.0/16").describe("Range of the VPC."),
      natGateways: z
        .union([z.literal(1), z.literal(3)])
        .default(1)
        .describe("One, or one a zone."),
    })
    .prefault({}),
  nodes: nodes("m7i.xlarge", "gp3"),
  spotNodes: spotNodes("m7i.xlarge"),
  gpuNodes: gpuNodes("g6.xlarge", "nvidia-l4"),
  administrators: z
    .array(z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/.+$/, "arn:aws:iam::<account>:role/<name>"))
    .default([])
    .describe("Principals with administrator access beside the one that deploys."),
});
