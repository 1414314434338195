import type * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import { nodeMarks } from "../node-marks.ts";
import type { GkeConfig } from "./data/schema.ts";

type Nodes = GkeConfig["nodes"];
type NodeConfig = gcp.types.input.container.NodePoolNodeConfig;

/** What makes one pool differ from another. */
export interface NodeSettings extends Omit<Nodes, "minCount" | "maxCount"> {
  name: string;
  /** Over all zones. */
  minCount: number;
  /** Over all zones. */
  maxCount: number;
  /** Where new nodes go: evenly to all zones, or to any zone with available machines. */
  locationPolicy: "BALANCED" | "ANY";
  spot: boolean;
  accelerator: { type: string; count: number } | undefined;
}

/** The pool that the platform runs on; its nodes stay. */
export function platformPool(nodes: Nodes): NodeSettings {
  return { ...nodes, name: nodeMarks.platform, locationPolicy: "BALANCED", spot: false, accelerator: undefined };
}

/** Nodes for tasks that can be repeated; none when idle. */
export function spotPool(nodes: Nodes, { machineType, maxCount }: NonNullable<GkeConfig["spotNodes"]>): NodeSettings {
  const counts = { minCount: 0, maxCount };
  return {
    ...nodes,
    ...counts,
    name: nodeMarks.spot,
    machineType,
    locationPolicy: "ANY",
    spot: true,
    accelerator: undefined,
  };
}

/** Nodes with an accelerator each; none when idle. */
export function gpuPool(nodes: Nodes, gpu: NonNullable<GkeConfig["gpuNodes"]>): NodeSettings {
  const { machineType, maxCount, spot } = gpu;
  const accelerator = { type: gpu.accelerator, count: gpu.acceleratorCount };
  const counts = { minCount: 0, maxCount };
  // Machines of the G2 family have no pd-standard: https://cloud.google.com/compute/docs/accelerator-optimized-machines
  const own = { name: "gpu", machineType, diskType: "pd-balanced", spot, accelerator };
  return { ...nodes, ...counts, ...own, locationPolicy: "ANY" };
}

/** Nodes a zone that a pool begins with, so that it has its fewest over all zones. */
export function initialCount({ minCount }: Pick<NodeSettings, "minCount">, zones: number): number {
  return Math.ceil(minCount / zones);
}

/** Taints of what is not for everyone: a pod must tolerate them. */
const spotMark = { key: nodeMarks.spotTaint, value: "true" };
const gpuMark = { key: "nvidia.com/gpu", value: "present" };

/** A node: hardened, without the platform's rights, with the metadata server of Workload Identity. */
export function nodeConfig(
  { name, machineType, diskType, diskSizeGiB, spot, accelerator }: NodeSettings,
  serviceAccount: pulumi.Input<string>,
  labels: Record<string, string>,
): NodeConfig {
  const marks = [...(spot ? [spotMark] : []), ...(accelerator === undefined ? [] : [gpuMark])];
  return {
    machineType,
    diskType,
    diskSizeGb: diskSizeGiB,
    imageType: "COS_CONTAINERD",
    spot,
    serviceAccount,
    // What the account may do is decided by its roles alone.
    oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
    workloadMetadataConfig: { mode: "GKE_METADATA" },
    metadata: { "disable-legacy-endpoints": "true" },
    shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
    kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
    labels: { [nodeMarks.pool]: name },
    taints: marks.map((mark) => ({ ...mark, effect: "NO_SCHEDULE" })),
    resourceLabels: labels,
    ...(accelerator === undefined
      ? {}
      : { guestAccelerators: [{ ...accelerator, gpuDriverInstallationConfig: { gpuDriverVersion: "DEFAULT" } }] }),
  };
}
