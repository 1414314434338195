import { z } from "zod";
import { imageDigests } from "./cloud.ts";
import { eks, eksIdentity } from "./eks.ts";
import { gke, gkeIdentity } from "./gke.ts";

const kubeconfig = z
  .string()
  .min(1)
  .optional()
  .describe("Path of the kubeconfig file. @default - $KUBECONFIG, else ~/.kube/config");

const minikube = z.strictObject({
  kind: z.literal("minikube"),
  context: z.string().min(1).default("minikube").describe("Context of the kubeconfig."),
  kubeconfig,
  nodeAddress: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Host under which the node's ports open in a browser. @default - the host of the context's API server, else 192.168.49.2",
    ),
  imageDigests: imageDigests.default(false),
  dataFolder: z
    .string()
    .startsWith("/", "an absolute path on the node")
    .optional()
    .describe(
      "Folder on the node that holds each project's data as `<dataFolder>/<namespace>`, mounted at /data. @default - data lives in MinIO",
    ),
});

const existing = z.strictObject({
  kind: z.literal("existing"),
  context: z.string().min(1).describe("Context of the kubeconfig."),
  kubeconfig,
  nodeAddress: z
    .string()
    .min(1)
    .optional()
    .describe("Host under which the node's ports open in a browser. @default - none, node ports cannot be used"),
  imageDigests: imageDigests.default(true),
  storageClass: z
    .string()
    .min(1)
    .optional()
    .describe("Storage class of the volumes. @default - the cluster's own default class"),
  identity: z
    .discriminatedUnion("kind", [gkeIdentity, eksIdentity])
    .optional()
    .describe(
      "How service accounts get a cloud identity, where the cluster is a GKE or EKS one. @default - none, data lives in MinIO",
    ),
});

/** Which cluster a stack runs on; `kind` decides, the stack's name means nothing. */
export const clusterSchema = z.discriminatedUnion("kind", [minikube, existing, gke, eks]);

export type ClusterConfig = z.output<typeof clusterSchema>;
export type MinikubeConfig = Extract<ClusterConfig, { kind: "minikube" }>;
export type ExistingConfig = Extract<ClusterConfig, { kind: "existing" }>;
export type GkeConfig = Extract<ClusterConfig, { kind: "gke" }>;
export type EksConfig = Extract<ClusterConfig, { kind: "eks" }>;
export type GkeIdentity = z.output<typeof gkeIdentity>;
export type EksIdentity = z.output<typeof eksIdentity>;
