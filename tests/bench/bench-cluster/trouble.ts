import { at, listAt } from "../../../lib/json.ts";
import { kubectl } from "../../cluster.ts";
import { namespace } from "./platform.ts";

/** What went wrong until a platform was ready, or until now. */
export interface Trouble {
  /** Containers that were started again. */
  restarts: number;
  /** Pods of Jobs that another one was made for. */
  failedPods: number;
}

export async function trouble(kubeconfig: string): Promise<Trouble> {
  const { stdout } = await kubectl(kubeconfig, ["get", "pods", "--namespace", namespace, "--output", "json"]);
  return troubleOf(listAt(JSON.parse(stdout), "items"));
}

export function troubleOf(pods: unknown[]): Trouble {
  const containers = pods.flatMap((pod) =>
    ["initContainerStatuses", "containerStatuses"].flatMap((key) => listAt(pod, `status.${key}`)),
  );
  return {
    restarts: containers.reduce<number>((sum, container) => sum + Number(at(container, "restartCount") ?? 0), 0),
    failedPods: pods.filter((pod) => at(pod, "status.phase") === "Failed").length,
  };
}
