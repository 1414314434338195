import { z } from "zod";
import { cloud, gpuNodes, nodes, spotNodes } from "./cloud.ts";

/** A GKE cluster that is there already. */
export const gkeIdentity = z.strictObject({
  kind: z.literal("gke"),
  project: z.string().min(1).describe("Google Cloud project id of the cluster."),
  region: z.string().min(1).describe("Region of the bucket, e.g. europe-west4."),
});

/** A GKE cluster that the program makes. */
export const gke = z.strictObject({
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
