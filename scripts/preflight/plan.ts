import { join } from "node:path";
import type { NodeGroup } from "../../components/cluster/billed.ts";
import type { ClusterConfig } from "../../components/cluster/kinds.ts";
import { parseValues, type Config, validate } from "../../config.ts";
import { nodeGroupsOf } from "../../preview/cost/nodes.ts";
import { render, type Rendering } from "../../preview/render.ts";
import { readStack } from "../../preview/stack.ts";

const folder = join(import.meta.dirname, "../..");

/** What a stack is about to make. */
export interface Plan<Cluster extends ClusterConfig = ClusterConfig> {
  /** As the user names it. */
  stack: string;
  config: Config;
  cluster: Cluster;
  rendering: Rendering;
  nodeGroups: readonly NodeGroup[];
}

/** A plan for a cluster of one kind. */
export type PlanOf<Kind extends ClusterConfig["kind"]> = Plan<Extract<ClusterConfig, { kind: Kind }>>;

export function isOf<Kind extends ClusterConfig["kind"]>(plan: Plan, kind: Kind): plan is PlanOf<Kind> {
  return plan.cluster.kind === kind;
}

/**
 * Runs a stack's program offline, as `make preview` does.
 *
 * @throws ConfigError for a configuration that is wrong
 */
export async function planOf(stack: string): Promise<Plan> {
  const { project, config: values } = readStack(folder, stack);
  const config = validate(parseValues(values, project), undefined, stack);
  // The preview hides the kubeconfig from the program; the checks need it.
  const { KUBECONFIG } = process.env;
  try {
    const rendering = await render({ folder, stack, download: false });
    return { stack, config, cluster: config.cluster, rendering, nodeGroups: nodeGroupsOf(rendering.resources) };
  } finally {
    if (KUBECONFIG === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = KUBECONFIG;
  }
}
