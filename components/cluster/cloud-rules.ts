import { isPublic, widestPrefix } from "../../lib/cidr.ts";
import { keyOf } from "../../lib/key-path.ts";
import { askEach, remove } from "../../config/fixes.ts";
import type { Rule } from "../../config/rule.ts";
import { nodeMarks } from "./node-marks.ts";

/** The settings that the rules read of a cluster that the program creates. */
interface Cloud {
  kind: string;
  authorizedNetworks: string[];
  nodes: { minCount: number; maxCount: number };
  spotNodes?: { tasksByDefault: boolean } | undefined;
}

/** Every address. */
export const everyone = "0.0.0.0/0";

/**
 * Refuses ranges that have several owners.
 *
 * @param isOpen whether the control plane may be open to everyone, where only that lets its owner in. @default false
 */
export function authorizedNetworksRule({ isOpen }: { isOpen: boolean }): Rule<Cloud> {
  const isRefused = (range: string) => isPublic(range) && !(isOpen && range === everyone);
  return {
    key: "cluster.authorizedNetworks",
    broken: ({ cluster }) => cluster.authorizedNetworks.some(isRefused),
    allowed: `ranges of your own network such as 203.0.113.0/24, none wider than /${widestPrefix}, or an empty list${isOpen ? `; ${everyone} for every address` : ": the control plane is never open to everyone"}`,
    fix: (key, { cluster }) => askEach(key, cluster.authorizedNetworks, isRefused),
  };
}

/** Rules between the keys of a cluster that the program creates. */
export const cloudRules: Rule<Cloud>[] = [
  {
    key: "airflow.logs.storageClass",
    broken: ({ airflow: { logs } }) => logs.kind === "volume" && logs.storageClass === undefined,
    found: "nothing",
    allowed: ({ cluster }) =>
      `your own storage class with ReadWriteMany, since a volume of ${cluster.kind} attaches to one node only; or airflow.logs.kind objectStorage`,
    fix: () => remove("airflow.logs"),
  },
  {
    key: "cluster.nodes.minCount",
    broken: ({ cluster: { nodes } }) => nodes.minCount > nodes.maxCount,
    allowed: ({ cluster }) => `at most cluster.nodes.maxCount, which is ${cluster.nodes.maxCount}`,
    fix: 1,
  },
  {
    key: "scheduling.tasks.nodeSelector",
    broken: ({ cluster: { spotNodes }, scheduling }) =>
      spotNodes?.tasksByDefault === true && nodeMarks.pool in (scheduling.tasks.nodeSelector ?? {}),
    allowed: `no ${nodeMarks.pool} with cluster.spotNodes.tasksByDefault, which chooses the pool of each task`,
    fix: (key) => remove(keyOf([...key.split("."), nodeMarks.pool])),
  },
];
