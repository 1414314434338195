import type { Resource } from "../../lib/resource.ts";
import { requestsAndLimits, restrictedPodSecurity } from "../../policy/rules/pods.ts";
import { settingsOf } from "../../policy/settings.ts";
import { records, type RenderedPod } from "./rendered.ts";

const policies = [restrictedPodSecurity, requestsAndLimits];

/** What the policies and the platform's own rules find wrong with a pod. */
export function problemsOf({ maker, spec, containers }: RenderedPod): string[] {
  const inputs = { apiVersion: "v1", kind: "Pod", metadata: { name: maker }, spec };
  const type = "kubernetes:core/v1:Pod";
  const pod: Resource = { urn: maker, type, name: maker, inputs, protect: false, dependencies: [], provider: {} };
  return [
    ...policies.flatMap(({ evaluate }) => evaluate?.(pod, settingsOf({})) ?? []),
    ...(spec.enableServiceLinks === false ? [] : ["enableServiceLinks"]),
    ...containers.flatMap((container) =>
      containerProblems(container).map((problem) => `${String(container.name)}: ${problem}`),
    ),
  ];
}

function containerProblems({ env, imagePullPolicy }: Record<string, unknown>): string[] {
  const variables = records(env).map(({ name }) => name);
  return [
    ...(imagePullPolicy === "IfNotPresent" ? [] : ["imagePullPolicy"]),
    ...variables.filter((name, i) => variables.indexOf(name) < i).map((name) => `${String(name)} twice`),
  ];
}
