import { join } from "node:path";
import type { Plan } from "../../components/preflight/plan.ts";
import { parseValues, validate } from "../../config.ts";
import type { ConfigProblem } from "../../config/errors.ts";
import { nodeGroupsOf } from "../../preview/cost/nodes.ts";
import { render, type Rendering } from "../../preview/render.ts";
import { readStack } from "../../preview/stack.ts";

const folder = join(import.meta.dirname, "../..");

/** A stack's plan, and what the preview knows beside it. */
export interface Planned {
  plan: Plan;
  rendering: Rendering;
  warnings: readonly ConfigProblem[];
}

/**
 * Runs a stack's program offline, as `make preview` does.
 *
 * @throws ConfigError for a configuration that is wrong
 */
export async function planned(stack: string): Promise<Planned> {
  const { project, config: values } = readStack(folder, stack);
  const { cluster, imageRegistry, warnings } = validate(parseValues(values, project), undefined, stack);
  // The preview hides the kubeconfig from the program; the checks need it.
  const { KUBECONFIG } = process.env;
  try {
    const rendering = await render({ folder, stack, download: false });
    const { resources } = rendering;
    const plan = { stack, cluster, imageRegistry, resources, nodeGroups: nodeGroupsOf(resources) };
    return { plan, rendering, warnings };
  } finally {
    if (KUBECONFIG === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = KUBECONFIG;
  }
}
