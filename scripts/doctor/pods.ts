import type { Finding } from "./check.ts";
import type { Container, ContainerStatus, Pod } from "../../lib/kubernetes/api.ts";
import { nameOf } from "./objects.ts";

/** A container of a pod: what it was made from and how it is. */
export interface PodContainer {
  pod: Pod;
  status: ContainerStatus;
  spec: Container | undefined;
  /** E.g. `pod mlops/mlflow-7d9, container mlflow`. */
  where: string;
}

/** Every container that has a status, those that come first included. */
export function containersOf(pods: readonly Pod[]): PodContainer[] {
  return pods.flatMap((pod) => {
    const specs = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
    const statuses = [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])];
    return statuses.map((status) => ({
      pod,
      status,
      spec: specs.find(({ name }) => name === status.name),
      where: `${nameOf("pods", pod.metadata)}, container ${status.name}`,
    }));
  });
}

/** `kubectl --namespace <its own> …` on a pod. */
export function commandOn({ metadata: { namespace = "default", name } }: Pod, verb: string): string {
  return `kubectl --namespace ${namespace} ${verb} ${name}`;
}

/** The last meaningful line; undefined if there is none, or if the kubelet has deleted the log. */
export function lastLine(log: string | undefined): string | undefined {
  const isSaid = (line: string) => line.trim() !== "" && !line.startsWith("unable to retrieve container logs");
  return log?.split("\n").findLast(isSaid);
}

/** A text on one line, shortened if it is long. */
export function oneLine(text: string, length = 160): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}

/** Equal findings of several objects as one, so that a failure which repeats is one line. */
export function merge(findings: Finding[]): Finding[] {
  const groups = Map.groupBy(findings, ({ found, remedy }) => `${found}\n${remedy ?? ""}`);
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    return [{ ...first, where: others.length === 0 ? first.where : `${first.where} and ${others.length} more` }];
  });
}
