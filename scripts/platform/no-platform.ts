import { existsSync } from "node:fs";
import { join } from "node:path";
import { errorText } from "../../lib/errors.ts";
import { KubectlMissing, type KubectlTarget } from "../../lib/kubernetes/kubectl.ts";
import { fileOf, stacksOf } from "../../preview/stack.ts";

const top = join(import.meta.dirname, "../..");

/** Of a cluster that is switched off, kubectl itself tires after a minute. */
const firstAnswerSeconds = 20;

/**
 * Reads from a platform's cluster for the first time.
 *
 * @param stack that the user has named; undefined: the command takes none
 * @param read gets the time after which to give up
 * @throws what `unanswered` says, where kubectl cannot read
 */
export function fromCluster<T>(
  target: KubectlTarget,
  stack: string | undefined,
  read: (timeoutSeconds: number) => T,
): T {
  try {
    return read(firstAnswerSeconds);
  } catch (error) {
    throw unanswered(target, error, stack);
  }
}

/** What is missing where kubectl cannot read from a platform's cluster, and what to type. */
export function unanswered(target: KubectlTarget, error: unknown, stack?: string): Error {
  if (error instanceof KubectlMissing) return error;
  const [reason = ""] = errorText(error).split("\n");
  if (/forbidden/i.test(reason))
    return new Error(`you may not read ${placeOf(target)} (${reason}): bind the ClusterRole view`);
  const subject = stack === undefined ? "the platform" : `the stack ${stack}`;
  return new Error(
    `${subject} is not deployed, or its cluster does not answer (${inOtherWords(reason)}): ${howToDeploy(stack)}`,
  );
}

/** The same where the cluster answers and has no platform there. */
export function noPlatform(target: KubectlTarget, stack?: string): Error {
  return new Error(`found no platform in ${placeOf(target)}: ${howToDeploy(stack)}`);
}

/** @throws where this checkout has no file of a stack */
export function assertStackFile(stack: string): void {
  if (existsSync(join(top, fileOf(stack)))) return;
  throw new Error(
    `there is no stack ${stack}: ${fileOf(stack)} does not exist; set STACK to one of ${stacksOf(top).join(", ")}`,
  );
}

function placeOf({ namespace, context }: KubectlTarget): string {
  return `namespace ${namespace} of ${context === undefined ? "the current context" : `context ${context}`}`;
}

/** Without a kubeconfig, kubectl names a server of its own. */
function inOtherWords(reason: string): string {
  return /localhost:8080|current-context must exist/.test(reason) ? "kubectl has no current context" : reason;
}

function howToDeploy(stack: string | undefined): string {
  const deploy = stack === undefined ? "make up" : `make up STACK=${stack}`;
  return (
    `deploy it with \`${deploy}\`; for a platform on another cluster or in another namespace, ` +
    "set CONTEXT=… and NAMESPACE=…"
  );
}
