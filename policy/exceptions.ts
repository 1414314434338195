import type { Exception } from "../components/cluster/cloud-policy.ts";
import { clouds } from "../components/cluster/kinds.ts";
import { podGroups } from "../components/parts.ts";

/** Workloads of one pod, with the reason. */
const replicas = Object.entries(podGroups).flatMap(([name, { singleReplica }]): Exception[] =>
  singleReplica === undefined
    ? []
    : [
        {
          rule: "single-replica-has-reason",
          resource: `${singleReplica.kind}/${name}`,
          reason: singleReplica.reason,
        },
      ],
);

const all = [...replicas, ...clouds.flatMap(({ policy }) => policy.exceptions)];

/** Every exception; each is a decision with a reason. */
export const exceptions: readonly Exception[] = [...Map.groupBy(all, ({ rule }) => rule).values()].flatMap((ofRule) =>
  ofRule.toSorted((a, b) => (a.resource < b.resource ? -1 : 1)),
);
