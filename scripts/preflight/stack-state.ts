import type { Known } from "../../components/preflight/known.ts";
import { hasCli } from "../../lib/programs/pulumi-cli.ts";
import { exportedState } from "../stack/exported.ts";

/** The resources in a stack's state, none before its first deployment; undefined: the state cannot be read. */
export async function stateOf(stack: string): Promise<Known[] | undefined> {
  if (!hasCli()) return undefined;
  // Why it cannot be read says the deployment; the rows that need it are unknown.
  const found = await exportedState(stack).then(
    (state) => ({ resources: state?.deployment.resources ?? [] }),
    () => undefined,
  );
  return found?.resources.flatMap(({ type, id }) => (id === undefined ? [] : [{ type, id }]));
}
