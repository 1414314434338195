import type { NodeGroup } from "../cluster/billed.ts";
import type { ClusterConfig } from "../cluster/kinds.ts";
import type { Registration } from "../../lib/recording.ts";
import type { Known } from "./known.ts";

/** What a stack is about to make. */
export interface Plan<Cluster extends ClusterConfig = ClusterConfig> {
  /** As the user names it. */
  stack: string;
  cluster: Cluster;
  /** Of the configuration. */
  imageRegistry: string;
  resources: readonly Registration[];
  nodeGroups: readonly NodeGroup[];
}

/** A plan for a cluster of one kind. */
export type PlanOf<Kind extends ClusterConfig["kind"]> = Plan<Extract<ClusterConfig, { kind: Kind }>>;

/** What is known of a stack that may be deployed. */
export interface Deployed {
  /** Undefined: the state cannot be read. */
  state: readonly Known[] | undefined;
  /** For a stack that is deployed: rights, quotas and names have shown themselves. */
  identityOnly: boolean;
}
