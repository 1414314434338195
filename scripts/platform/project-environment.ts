import { kubectl, type KubectlTarget } from "../../lib/kubernetes/kubectl.ts";
import type { PlatformProject } from "./platform-json.ts";

/** The variables of the project's pods, as envFrom gives them. */
export function projectEnvironment(target: KubectlTarget, { namespace, pod }: PlatformProject): Record<string, string> {
  const own = { ...target, namespace };
  const sources = pod.spec.containers.flatMap(({ envFrom }) => envFrom);
  const found = sources.map(({ configMapRef, secretRef }) => ({
    ...(configMapRef === undefined ? {} : dataOf(own, "configmap", configMapRef.name)),
    ...(secretRef === undefined ? {} : decoded(dataOf(own, "secret", secretRef.name))),
  }));
  return Object.assign({}, ...found) as Record<string, string>;
}

/** What a ConfigMap or a Secret holds; nothing where it does not exist. */
export function dataOf(target: KubectlTarget, kind: "configmap" | "secret", name: string): Record<string, string> {
  const text = kubectl(target, ["get", kind, name, "--output=json", "--ignore-not-found"]);
  if (text === "") return {};
  return (JSON.parse(text) as { data?: Record<string, string> }).data ?? {};
}

/** A Secret's values, which kubectl prints in base64. */
function decoded(data: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, Buffer.from(value, "base64").toString()]),
  );
}
