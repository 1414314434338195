import { nodeMarks } from "../node-marks.ts";
import type { EksConfig } from "./data/schema.ts";
import { letterOf } from "./eks-network.ts";

/** One managed node group, as data. */
export interface NodePool {
  /** Suffix of its name. */
  name: string;
  launchTemplate: "platform" | "gpu";
  /** Indices of its zones. */
  zones: number[];
  machineType: string;
  minCount: number;
  maxCount: number;
  isSpot: boolean;
  labels: Record<string, string>;
  /** What a pod has to tolerate. */
  taintKeys: string[];
}

export type NodePoolsArgs = Pick<EksConfig, "nodes" | "spotNodes" | "gpuNodes">;

/**
 * The node groups of a cluster.
 *
 * The platform's nodes are a group for each zone: the autoscaler adds a node where a volume is, which it cannot tell
 * a group over several zones. Spot and GPU nodes hold no volume, and take the zone that has machines.
 *
 * The fewest nodes are all in the first zone: EKS refuses a fewest above the size that a group has at that moment,
 * which in the others is the autoscaler's alone.
 *
 * @param zones names of the zones
 */
export function nodePools({ nodes, spotNodes, gpuNodes }: NodePoolsArgs, zones: string[]): NodePool[] {
  const everywhere = zones.map((_, i) => i);
  const platform = zones.map((zone, i) => ({
    name: `platform-${letterOf(zone)}`,
    launchTemplate: "platform" as const,
    zones: [i],
    machineType: nodes.machineType,
    minCount: i === 0 ? nodes.minCount : 0,
    maxCount: nodes.maxCount,
    isSpot: false,
    labels: { [nodeMarks.pool]: nodeMarks.platform },
    taintKeys: [],
  }));
  const onDemand = { minCount: 0, zones: everywhere };
  const spot = spotNodes && {
    ...onDemand,
    name: "spot",
    launchTemplate: "platform" as const,
    machineType: spotNodes.machineType,
    maxCount: spotNodes.maxCount,
    isSpot: true,
    labels: { [nodeMarks.pool]: nodeMarks.spot },
    taintKeys: [nodeMarks.spotTaint],
  };
  const gpu = gpuNodes && {
    ...onDemand,
    name: "gpu",
    launchTemplate: "gpu" as const,
    machineType: gpuNodes.machineType,
    maxCount: gpuNodes.maxCount,
    isSpot: gpuNodes.spot,
    // The autoscaler knows by the second one that a new node's accelerator takes a while.
    labels: { [nodeMarks.pool]: "gpu", "k8s.amazonaws.com/accelerator": gpuNodes.accelerator },
    taintKeys: ["nvidia.com/gpu", ...(gpuNodes.spot ? [nodeMarks.spotTaint] : [])],
  };
  return [...platform, ...[spot, gpu].filter((pool) => pool !== undefined)];
}

/** Most nodes of all pools together; a zone's group alone may grow to the platform's most. */
export function maxNodes({ nodes, spotNodes, gpuNodes }: NodePoolsArgs): number {
  return nodes.maxCount + (spotNodes?.maxCount ?? 0) + (gpuNodes?.maxCount ?? 0);
}
