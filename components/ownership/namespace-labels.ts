import { platformLabel } from "./platform-sign.ts";

/** What prevents pods of a namespace from getting rights on the node; see https://kubernetes.io/docs/concepts/security/pod-security-standards/. */
export const podSecurityLabels = Object.fromEntries(
  ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"]),
);

/** The labels that a platform's namespace needs, created by the program or by the site. */
export function namespaceLabels<T>(id: T): Record<string, T | string> {
  return { [platformLabel]: id, ...podSecurityLabels };
}

/** The command with which a site labels namespaces of its own, also where they have a label with another value. */
export function labelCommand(
  names: readonly string[],
  labels: Readonly<Record<string, string>>,
  kubectl = "kubectl",
): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return [kubectl, "label", "namespace", ...names, ...pairs, "--overwrite"].join(" ");
}
