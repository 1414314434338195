import { at } from "../program/registrations.ts";
import { record, records, type RenderedPod } from "./rendered.ts";

/** What the `restricted` level and the platform's rules find wrong with a pod. */
export function problemsOf({ spec, containers }: RenderedPod): string[] {
  const pod = record(spec.securityContext);
  return [
    ...(pod.runAsNonRoot === true ? [] : ["runAsNonRoot"]),
    ...(at(pod, "seccompProfile.type") === "RuntimeDefault" ? [] : ["seccompProfile"]),
    ...(spec.enableServiceLinks === false ? [] : ["enableServiceLinks"]),
    ...(records(spec.volumes).some((volume) => "hostPath" in volume) ? ["hostPath"] : []),
    ...containers.flatMap((container) =>
      containerProblems(container).map((problem) => `${String(container.name)}: ${problem}`),
    ),
  ];
}

function containerProblems(container: Record<string, unknown>): string[] {
  const context = record(container.securityContext);
  const variables = records(container.env).map(({ name }) => name);
  return [
    ...(context.allowPrivilegeEscalation === false ? [] : ["allowPrivilegeEscalation"]),
    ...(JSON.stringify(at(context, "capabilities.drop")) === '["ALL"]' ? [] : ["capabilities"]),
    ...(container.imagePullPolicy === "IfNotPresent" ? [] : ["imagePullPolicy"]),
    ...["requests.cpu", "requests.memory", "limits.cpu", "limits.memory"].filter(
      (path) => at(container.resources, path) === undefined,
    ),
    ...variables.filter((name, i) => variables.indexOf(name) < i).map((name) => `${String(name)} twice`),
  ];
}
