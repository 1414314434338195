import { z } from "zod";
import { cidr4, covers, prefixOf } from "../../../../lib/cidr.ts";
import { cloud, gpuNodes, nodes, spotNodes } from "../../cloud-schema.ts";

/** A service account's id has at most 30 characters, and ends in what the account is for. */
const name = z
  .string()
  .regex(/^[a-z]([-a-z0-9]{0,18}[a-z0-9])?$/, "at most 20 characters of a-z, 0-9 and -, starting with a letter")
  .default("mlops");

const project = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
    "a project id: 6 to 30 characters of a-z, 0-9 and -, starting with a letter",
  );

const region = z.string().regex(/^[a-z]+-[a-z]+\d+$/, "a region such as europe-west4, not a zone");

/** An existing GKE cluster. */
export const gkeIdentity = z.strictObject({
  kind: z.literal("gke"),
  name: name.describe("Prefix of the names of the bucket and of the service accounts."),
  project: project.describe("Google Cloud project id of the cluster."),
  region: region.describe("Region of the bucket, e.g. europe-west4."),
  deletionProtection: z.boolean().default(true).describe("Refuse to delete the bucket."),
});

/** Ranges that are not routed on the internet. Source: https://cloud.google.com/vpc/docs/subnets#valid-ranges */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "240.0.0.0/4"];

/** A range of private IPv4 addresses that a network takes; lengths of its prefix in bits. */
const range = (shortest: number, longest: number, example: string) =>
  cidr4
    .refine((cidr) => prefixOf(cidr) >= shortest && prefixOf(cidr) <= longest, {
      error: `an IPv4 range between /${shortest} and /${longest}, such as ${example}`,
    })
    .refine((cidr) => privateRanges.some((own) => covers(own, cidr)), {
      error: `a private range, in ${privateRanges.join(", ")}`,
    });

/** The name of a network or a subnetwork of the cluster's project. */
const networkName = z.string().refine((text) => /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text), {
  error: "a bare name in cluster.project, such as ml; a shared VPC of another project is not supported yet",
});

/** A GKE cluster that the program makes. */
export const gke = z.strictObject({
  kind: z.literal("gke"),
  ...cloud,
  name: name.describe("Name of the cluster, and prefix of related names."),
  project: project.describe("Google Cloud project id."),
  region: region.describe("Region of everything."),
  regional: z
    .boolean()
    .default(true)
    .describe(
      "Whether the control plane is in three zones. False: in the first of cluster.zones, and not available during its upgrades; Google's free tier pays for one such cluster. A change replaces the cluster.",
    ),
  zones: z
    .array(z.string().regex(/^[a-z]+-[a-z]+\d+-[a-z]$/, "a zone such as europe-west4-b"))
    .refine((zones) => new Set(zones).size === zones.length, { error: "each zone once" })
    .default([])
    .describe("Zones of the nodes. @default - [], the region's zone b, so that every volume is in a zone with nodes"),
  network: z
    .strictObject({
      name: networkName
        .optional()
        .describe("Name of an existing VPC network. @default - the program creates a network"),
      subnetwork: networkName
        .optional()
        .describe("Name of the existing subnetwork, with ranges `pods` and `services`."),
      nodesCidr: range(8, 29, "10.10.0.0/20").default("10.10.0.0/20").describe("Range of the nodes."),
      podsCidr: range(9, 21, "10.20.0.0/16").default("10.20.0.0/16").describe("Range of the pods."),
      servicesCidr: range(16, 24, "10.30.0.0/20").default("10.30.0.0/20").describe("Range of the Services."),
      databaseCidr: range(8, 24, "10.40.0.0/20")
        .default("10.40.0.0/20")
        .describe("Range of the subnetwork with Cloud SQL's address, or of the private services access."),
      databasePeering: z
        .boolean()
        .default(false)
        .describe(
          "Reach Cloud SQL by a peering, as platforms did that were deployed before endpoints: changing it replaces the server, and a destroy waits for days.",
        ),
    })
    .prefault({}),
  autopilot: z
    .boolean()
    .optional()
    .describe("Let Google make and size the nodes, and pay for the pods' requests. @default - false, node pools"),
  nodes: nodes("e2-standard-4", "pd-balanced"),
  spotNodes: spotNodes("e2-standard-4"),
  gpuNodes: gpuNodes("g2-standard-4", "nvidia-l4"),
  dnsZone: z
    .string()
    .regex(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/, "the name of a Cloud DNS zone such as ml-example-org")
    .optional()
    .describe(
      "Name of the Cloud DNS managed zone of exposure.domain, with exposure.kind ingress. @default - none, you create the DNS record",
    ),
});

export type GkeConfig = z.output<typeof gke>;
export type GkeIdentity = z.output<typeof gkeIdentity>;
