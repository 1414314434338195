import type { NodeGroup } from "../../components/cluster/billed.ts";
import { clouds } from "../../components/cluster/kinds.ts";
import { merged } from "../../lib/merged.ts";
import type { Registration } from "../../lib/recording.ts";

const readers = merged(clouds.map(({ billing }) => billing.nodeGroups));

/** The node groups among the resources. */
export function nodeGroupsOf(resources: readonly Registration[]): NodeGroup[] {
  return resources.flatMap((resource) => {
    const group = readers[resource.type]?.(resource, resources);
    return group === undefined ? [] : [{ name: resource.name, ...group }];
  });
}
