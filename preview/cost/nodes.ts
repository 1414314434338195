import type { Registration } from "../../lib/recording.ts";
import { at, textAt } from "../../lib/json.ts";

/** A group of machines that a stack makes. */
export interface NodeGroup {
  name: string;
  machineType: string;
  /** Fewest and most machines, over all zones. */
  minCount: number | undefined;
  maxCount: number | undefined;
  diskSizeGiB: number | undefined;
  diskType: string | undefined;
  isSpot: boolean;
}

/** How each cloud describes its nodes, by type token. */
const readers: Record<string, (inputs: Record<string, unknown>) => Omit<NodeGroup, "name">> = {
  "gcp:container/nodePool:NodePool": (inputs) => ({
    machineType: textAt(inputs, "nodeConfig.machineType") ?? "",
    minCount: number(at(inputs, "autoscaling.totalMinNodeCount")),
    maxCount: number(at(inputs, "autoscaling.totalMaxNodeCount")),
    diskSizeGiB: number(at(inputs, "nodeConfig.diskSizeGb")),
    diskType: textAt(inputs, "nodeConfig.diskType"),
    isSpot: at(inputs, "nodeConfig.spot") === true,
  }),
  "aws:eks/nodeGroup:NodeGroup": (inputs) => ({
    machineType: textAt(inputs, "instanceTypes.0") ?? "",
    minCount: number(at(inputs, "scalingConfig.minSize")),
    maxCount: number(at(inputs, "scalingConfig.maxSize")),
    diskSizeGiB: number(at(inputs, "diskSize")),
    diskType: undefined,
    isSpot: at(inputs, "capacityType") === "SPOT",
  }),
};

/** The node groups among the resources. */
export function nodeGroupsOf(resources: readonly Registration[]): NodeGroup[] {
  return resources.flatMap((resource) => {
    const read = readers[resource.type];
    return read === undefined
      ? []
      : [{ name: resource.name, ...read(resource.inputs), ...templateDisk(resource, resources) }];
  });
}

/** A launch template that a group depends on says what its disks are, and maybe its machines. */
function templateDisk({ dependencies }: Registration, resources: readonly Registration[]): Partial<NodeGroup> {
  const template = resources.find(
    ({ urn, type }) => type === "aws:ec2/launchTemplate:LaunchTemplate" && dependencies.includes(urn),
  );
  if (template === undefined) return {};
  const disk = at(template.inputs, "blockDeviceMappings.0.ebs");
  const machineType = textAt(template.inputs, "instanceType");
  return {
    diskSizeGiB: number(at(disk, "volumeSize")),
    diskType: textAt(disk, "volumeType"),
    ...(machineType === undefined ? {} : { machineType }),
  };
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
