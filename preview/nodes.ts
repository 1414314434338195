import type { Registration } from "./recorder.ts";
import { at, textAt } from "./json.ts";

/** A group of machines that a stack makes. */
export interface NodeGroup {
  name: string;
  machineType: string;
  /** Fewest and most machines, over all zones. */
  minCount: number | undefined;
  maxCount: number | undefined;
  diskSizeGiB: number | undefined;
  isSpot: boolean;
}

/** How each cloud describes its nodes, by type token. */
const readers: Record<string, (inputs: Record<string, unknown>) => Omit<NodeGroup, "name">> = {
  "gcp:container/nodePool:NodePool": (inputs) => ({
    machineType: textAt(inputs, "nodeConfig.machineType") ?? "",
    minCount: number(at(inputs, "autoscaling.totalMinNodeCount")),
    maxCount: number(at(inputs, "autoscaling.totalMaxNodeCount")),
    diskSizeGiB: number(at(inputs, "nodeConfig.diskSizeGb")),
    isSpot: at(inputs, "nodeConfig.spot") === true,
  }),
  "aws:eks/nodeGroup:NodeGroup": (inputs) => ({
    machineType: textAt(inputs, "instanceTypes.0") ?? "",
    minCount: number(at(inputs, "scalingConfig.minSize")),
    maxCount: number(at(inputs, "scalingConfig.maxSize")),
    diskSizeGiB: number(at(inputs, "diskSize")),
    isSpot: at(inputs, "capacityType") === "SPOT",
  }),
};

/** The node groups among the resources. */
export function nodeGroupsOf(resources: readonly Registration[]): NodeGroup[] {
  return resources.flatMap(({ type, name, inputs }) => {
    const read = readers[type];
    return read === undefined ? [] : [{ name, ...read(inputs) }];
  });
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
