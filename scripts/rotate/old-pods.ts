import { setTimeout as sleep } from "node:timers/promises";
import type { Pod } from "../../lib/kubernetes/api.ts";
import { kubectl, type KubectlTarget } from "../../lib/kubernetes/kubectl.ts";
import { platformNamespaces, readPlatformJson } from "../platform/platform-json.ts";

/** What replaces its pods by itself when their credentials change: an update has waited for that. */
const renewed = ["ReplicaSet", "StatefulSet"];

/**
 * Whether a pod may hold credentials of before an update that has ended.
 *
 * In the platform's namespace those are the pods of tasks and of Jobs, and what a rollout is still ending; in a project's
 * namespace, where no update restarts anything, all. A container reads its environment when it starts.
 */
export function mayHoldOldValues({ metadata, spec, status }: Pod, platform: string): boolean {
  const isOver = status.phase === "Succeeded" || status.phase === "Failed";
  if (isOver || spec.nodeName === undefined) return false;
  if (metadata.namespace !== platform || metadata.deletionTimestamp !== undefined) return true;
  return !(metadata.ownerReferences ?? []).some(
    ({ kind, controller }) => controller === true && renewed.includes(kind),
  );
}

interface WaitOptions {
  timeoutSeconds: number;
  /** @default 5 */
  intervalSeconds?: number;
  /** Reads the pods. @default - from the cluster */
  read?: () => Pod[];
}

/**
 * Waits until no pod runs that was started before the call with what has been replaced by now.
 *
 * @throws Error with the pods that are left, when the time is over
 */
export async function waitForOldPods(target: KubectlTarget, options: WaitOptions): Promise<void> {
  const { timeoutSeconds, intervalSeconds = 5, read = () => podsOf(target) } = options;
  const isOld = (pod: Pod) => mayHoldOldValues(pod, target.namespace);
  const old = new Set(
    read()
      .filter(isOld)
      .map(({ metadata }) => metadata.uid),
  );
  let said = "";
  for (let waited = 0; ; waited += intervalSeconds) {
    const left = read()
      .filter((pod) => old.has(pod.metadata.uid) && isOld(pod))
      .map(({ metadata: { namespace, name } }) => `${namespace}/${name}`);
    if (left.length === 0) return;
    const names = left.join(", ");
    if (waited >= timeoutSeconds) throw new Error(`still running after ${timeoutSeconds} s: ${names}`);
    if (names !== said) console.error(`waiting for pods that use the old value: ${names}`);
    said = names;
    await sleep(intervalSeconds * 1000);
  }
}

function podsOf(target: KubectlTarget): Pod[] {
  return platformNamespaces(target, readPlatformJson(target)).flatMap((namespace) => {
    const list = kubectl({ ...target, namespace }, ["get", "pods", "--output", "json"]);
    return (JSON.parse(list) as { items: Pod[] }).items;
  });
}
