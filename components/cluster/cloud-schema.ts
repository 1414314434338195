import { z } from "zod";
import { cidr4 } from "../../lib/cidr.ts";
import { imageDigests } from "./shared-schema.ts";

/** The pool that the platform runs on. */
export const nodes = (machineType: string, diskType: string) =>
  z
    .strictObject({
      machineType: z.string().min(1).default(machineType).describe("Machine or instance type."),
      diskType: z.string().min(1).default(diskType).describe("Type of the boot disk."),
      diskSizeGiB: z.number().int().min(20).default(100).describe("Size of the boot disk."),
      podsPerNode: z.number().int().min(8).max(256).default(110).describe("Maximum number of pods on a node."),
      minCount: z.number().int().min(1).default(1).describe("Minimum number of nodes, over all zones."),
      maxCount: z.number().int().min(1).default(3).describe("Maximum number of nodes, over all zones."),
    })
    .prefault({});

/** Nodes that the cloud may reclaim at any time, for tasks that can be retried. */
export const spotNodes = (machineType: string) =>
  z
    .strictObject({
      machineType: z.string().min(1).default(machineType),
      maxCount: z.number().int().min(1).default(3).describe("Maximum number of nodes; zero while idle."),
      tasksByDefault: z
        .boolean()
        .default(false)
        .describe(
          "Whether each task runs on them unless its DAG says otherwise. False: only tasks whose DAG asks for them.",
        ),
    })
    .optional()
    .describe("A pool of spot nodes for task pods, tainted `mlops/spot`. @default - none");

/** Nodes that each have an accelerator. */
export const gpuNodes = (machineType: string, accelerator: string) =>
  z
    .strictObject({
      machineType: z.string().min(1).default(machineType),
      accelerator: z.string().min(1).default(accelerator).describe("Accelerator type."),
      acceleratorCount: z.number().int().min(1).default(1),
      maxCount: z.number().int().min(1).default(1).describe("Maximum number of nodes; zero while idle."),
      spot: z.boolean().default(false),
    })
    .optional()
    .describe("A pool of GPU nodes, tainted `nvidia.com/gpu`. @default - none");

/** Name of a cluster that the stack does not name. */
export const defaultName = "mlops";

/** Keys that mean the same in every cloud. */
export const cloud = {
  name: z
    .string()
    .regex(/^[a-z]([-a-z0-9]{0,28}[a-z0-9])?$/, "at most 30 characters of a-z, 0-9 and -, starting with a letter")
    .default(defaultName)
    .describe("Name of the cluster, and prefix of related names."),
  region: z.string().min(1).describe("Region of everything."),
  imageDigests: imageDigests.default(true),
  kubernetesVersion: z
    .string()
    .regex(/^1\.\d{2}$/, "a minor version such as 1.35")
    .optional()
    .describe("Minor version of the control plane. @default - the provider's default"),
  authorizedNetworks: z
    .array(cidr4)
    .default([])
    .describe(
      "Ranges that may reach the control plane's public endpoint. Without ranges, there is no public IP endpoint.",
    ),
  deletionProtection: z.boolean().default(true).describe("Refuse to delete the cluster, the database and the bucket."),
};
