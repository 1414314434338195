import { z } from "zod";

/** An IPv4 or IPv6 range in CIDR notation, e.g. `203.0.113.0/24`. */
export const cidr = z.union([z.cidrv4(), z.cidrv6()], { error: "a CIDR such as 203.0.113.0/24" });

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
  dataFolder: z
    .string()
    .startsWith("/", "an absolute path on the node")
    .optional()
    .describe(
      "Folder on the node that holds each project's data as `<dataFolder>/<project>`, mounted at /data. @default - data lives in MinIO",
    ),
});

const gkeIdentity = z.strictObject({
  kind: z.literal("gke"),
  project: z.string().min(1).describe("Google Cloud project id of the cluster."),
  region: z.string().min(1).describe("Region of the bucket, e.g. europe-west4."),
});

const eksIdentity = z.strictObject({
  kind: z.literal("eks"),
  region: z.string().min(1).describe("AWS region of the cluster and the bucket."),
  oidcProviderArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/.+$/, "arn:aws:iam::<account>:oidc-provider/<issuer>")
    .describe("ARN of the IAM OIDC provider of the cluster."),
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

const nodes = (machineType: string, diskType: string) =>
  z
    .strictObject({
      machineType: z.string().min(1).default(machineType).describe("Machine or instance type."),
      diskType: z.string().min(1).default(diskType).describe("Type of the boot disk."),
      diskSizeGiB: z.number().int().min(20).default(100).describe("Size of the boot disk."),
      podsPerNode: z.number().int().min(8).max(256).default(110).describe("Most pods on a node."),
      minCount: z.number().int().min(1).default(1).describe("Fewest nodes, over all zones."),
      maxCount: z.number().int().min(1).default(3).describe("Most nodes, over all zones."),
    })
    .prefault({});

const spotNodes = (machineType: string) =>
  z
    .strictObject({
      machineType: z.string().min(1).default(machineType),
      maxCount: z.number().int().min(1).default(3).describe("Most nodes; none when idle."),
    })
    .optional()
    .describe("A pool of spot nodes for task pods, tainted `mlops/spot`. @default - none");

const gpuNodes = (machineType: string, accelerator: string) =>
  z
    .strictObject({
      machineType: z.string().min(1).default(machineType),
      accelerator: z.string().min(1).default(accelerator).describe("Accelerator of the pool."),
      acceleratorCount: z.number().int().min(1).default(1),
      maxCount: z.number().int().min(1).default(1).describe("Most nodes; none when idle."),
      spot: z.boolean().default(false),
    })
    .optional()
    .describe("A pool of GPU nodes, tainted `nvidia.com/gpu`. @default - none");

const cloud = {
  region: z.string().min(1).describe("Region of everything."),
  kubernetesVersion: z
    .string()
    .regex(/^1\.\d{2}$/, "a minor version such as 1.35")
    .optional()
    .describe("Minor version of the control plane. @default - the provider's default"),
  authorizedNetworks: z
    .array(cidr)
    .default([])
    .describe("Who may reach the control plane's public endpoint; with none there is no public endpoint by address."),
  deletionProtection: z.boolean().default(true).describe("Refuse to delete the cluster, the database and the bucket."),
};

const gke = z.strictObject({
  kind: z.literal("gke"),
  project: z
    .string()
    .regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, "a project id: 6 to 30 of a-z, 0-9 and -, beginning with a letter")
    .describe("Google Cloud project id."),
  ...cloud,
  zones: z
    .array(z.string().min(1))
    .default([])
    .describe("Zones of the nodes. @default - [], the first zone of the region by letter b"),
  network: z
    .strictObject({
      name: z.string().min(1).optional().describe("An existing VPC network's name. @default - a network is made"),
      subnetwork: z.string().min(1).optional().describe("The existing subnetwork, with ranges `pods` and `services`."),
      nodesCidr: z.cidrv4().default("10.10.0.0/20"),
      podsCidr: z.cidrv4().default("10.20.0.0/16"),
      servicesCidr: z.cidrv4().default("10.30.0.0/20"),
      controlPlaneCidr: z.cidrv4().default("172.16.0.0/28"),
    })
    .prefault({}),
  nodes: nodes("e2-standard-4", "pd-balanced"),
  spotNodes: spotNodes("e2-standard-4"),
  gpuNodes: gpuNodes("g2-standard-4", "nvidia-l4"),
});

const eks = z.strictObject({
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

/** Which cluster a stack runs on; `kind` decides, the stack's name means nothing. */
export const clusterSchema = z.discriminatedUnion("kind", [minikube, existing, gke, eks]);

export type ClusterConfig = z.output<typeof clusterSchema>;
export type MinikubeConfig = Extract<ClusterConfig, { kind: "minikube" }>;
export type ExistingConfig = Extract<ClusterConfig, { kind: "existing" }>;
export type GkeConfig = Extract<ClusterConfig, { kind: "gke" }>;
export type EksConfig = Extract<ClusterConfig, { kind: "eks" }>;
