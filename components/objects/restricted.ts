import type * as k8s from "@pulumi/kubernetes";

/**
 * What the `restricted` Pod Security level asks of a pod.
 *
 * Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
 *
 * @param user numeric user and group, as the image expects it
 */
export function restrictedPod(user: number): k8s.types.input.core.v1.PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** What the `restricted` level asks of a container, with a read-only root filesystem on top. */
export const restrictedContainer: k8s.types.input.core.v1.SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};
