import { isPublic, widestPrefix } from "../../lib/cidr.ts";
import type { Rule } from "../../config/rule.ts";

/** What the rules read of a cluster that the program makes. */
interface Cloud {
  kind: string;
  authorizedNetworks: string[];
  nodes: { minCount: number; maxCount: number };
}

/** What must hold between the keys of a cluster that the program makes. */
export const cloudRules: Rule<Cloud>[] = [
  {
    key: "cluster.authorizedNetworks",
    broken: ({ cluster }) => cluster.authorizedNetworks.some(isPublic),
    allowed: `ranges of your own network such as 203.0.113.0/24, none wider than /${widestPrefix}; or no range at all: a control plane is never open to everyone`,
    fix: '["203.0.113.0/24"]',
  },
  {
    key: "airflow.logs.storageClass",
    broken: ({ airflow: { logs } }) => logs.kind === "volume" && logs.storageClass === undefined,
    found: "nothing",
    allowed: ({ cluster }) =>
      `a class with ReadWriteMany that you made, since the volumes of ${cluster.kind} are for one node; or airflow.logs.kind objectStorage`,
    fix: "shared",
  },
  {
    key: "cluster.nodes.minCount",
    broken: ({ cluster: { nodes } }) => nodes.minCount > nodes.maxCount,
    allowed: ({ cluster }) => `at most cluster.nodes.maxCount, ${cluster.nodes.maxCount}`,
    fix: "1",
  },
];
