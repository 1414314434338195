import type * as k8s from "@pulumi/kubernetes";

type PodSpec = k8s.types.input.core.v1.PodSpec;
type Container = k8s.types.input.core.v1.Container;

/** What a pod sets beyond what the `restricted` level sets for it. */
interface RestrictedPodArgs extends Omit<PodSpec, "securityContext" | "containers" | "initContainers"> {
  /** @default false: a process that does not ask the API server gets no token */
  automountServiceAccountToken?: boolean;
  containers: Omit<Container, "securityContext">[];
}

/**
 * A pod of the `restricted` Pod Security level whose containers cannot write to their root filesystem.
 *
 * Its environment has no variables for the namespace's Services, and its images are pulled once: their tags are pinned.
 *
 * @param user numeric user and group, as the image expects it
 */
export function restrictedPodSpec(user: number, { containers, ...pod }: RestrictedPodArgs): PodSpec {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...pod,
    securityContext: restrictedPod(user),
    containers: containers.map((container) => ({
      imagePullPolicy: "IfNotPresent",
      ...container,
      securityContext: restrictedContainer,
    })),
  };
}

/**
 * What the `restricted` Pod Security level asks of a pod.
 *
 * Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
 *
 * @param user numeric user and group, as the image expects it
 */
export function restrictedPod(user: number): k8s.types.input.core.v1.PodSecurityContext {
  return { ...restrictedPodOfGroup(user), runAsUser: user, runAsGroup: user };
}

/**
 * The same for a pod whose image names its user.
 *
 * @param group numeric group that the files of volumes belong to, where the storage class can set it
 */
export function restrictedPodOfGroup(group: number): k8s.types.input.core.v1.PodSecurityContext {
  return {
    runAsNonRoot: true,
    fsGroup: group,
    // Otherwise every start of a pod would walk the whole volume.
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
