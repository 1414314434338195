import type { Check, Finding, Snapshot } from "../check.ts";
import type { PersistentVolumeClaim, Pod } from "../../../lib/kubernetes/api.ts";
import { nameOf } from "../objects.ts";
import { schedulerWords, unschedulable } from "./pending-pod.ts";
import { commandOn, oneLine } from "../pods.ts";

export const pendingVolume: Check = {
  id: "pending-volume",
  severity: "error",
  looksAt: "claims, their storage classes and events, and the pods that wait for them",
  means:
    "A volume is unavailable: no storage class, no free volume of that size, or a volume in a zone without a node for its pod.",
  remedy:
    "Set a class that the cluster has (`kubectl get storageclass`): scripts/pulumi config set --stack <stack> --path 'cluster.storageClass' …; " +
    "for a wrong zone, add a node in the volume's zone, because a disk stays in its zone.",
  threads: [
    "https://github.com/apache/airflow/issues/29969",
    "https://github.com/kubernetes/kubernetes/issues/34583",
    "https://github.com/kubernetes/kubernetes/issues/81020",
  ],
  kinds: ["persistentvolumeclaims", "storageclasses", "pods", "events"],
  find: (snapshot) => [
    ...snapshot.of("persistentvolumeclaims").flatMap((claim) => ofClaim(claim, snapshot)),
    ...ofZones(snapshot),
  ],
};

/** A claim that no pod mounts may stay pending: many classes create its volume only when a pod mounts it. */
function ofClaim(claim: PersistentVolumeClaim, snapshot: Snapshot): Finding[] {
  const { phase } = claim.status;
  if (phase !== "Pending" && phase !== "Lost") return [];
  const found =
    phase === "Lost" ? "its volume no longer exists" : (classProblem(claim, snapshot) ?? waitingFor(claim, snapshot));
  if (found === undefined) return [];
  const { namespace = "default", name } = claim.metadata;
  const remedy = `kubectl --namespace ${namespace} describe pvc ${name}; ${remedyOf(found)}`;
  return [{ where: nameOf("persistentvolumeclaims", claim.metadata), found, remedy }];
}

const isDefault = "storageclass.kubernetes.io/is-default-class";

function classProblem({ spec: { storageClassName } }: PersistentVolumeClaim, { of }: Snapshot): string | undefined {
  const classes = of("storageclasses");
  // None seen may mean that none may be seen: then its events speak.
  if (classes.length === 0 || storageClassName === "") return undefined;
  const names = classes.map(({ metadata }) => metadata.name);
  if (storageClassName !== undefined) {
    return names.includes(storageClassName)
      ? undefined
      : `the storage class ${storageClassName} does not exist; the cluster has ${names.join(", ")}`;
  }
  const hasDefault = classes.some(({ metadata }) => metadata.annotations?.[isDefault] === "true");
  return hasDefault
    ? undefined
    : `it names no storage class and the cluster has no default one; it has ${names.join(", ")}`;
}

/** What the scheduler says of a pod that mounts the claim, or else what the provisioner says. */
function waitingFor(claim: PersistentVolumeClaim, { of }: Snapshot): string | undefined {
  const { namespace, name } = claim.metadata;
  const [pod] = of("pods").filter((one) => one.metadata.namespace === namespace && mounts(one, name));
  const condition = pod === undefined ? undefined : unschedulable(pod);
  if (pod !== undefined && condition !== undefined) {
    return `pod ${pod.metadata.name} waits: ${oneLine(schedulerWords(condition), 120)}`;
  }
  const event = of("events").findLast(
    ({ involvedObject, reason }) =>
      involvedObject.kind === "PersistentVolumeClaim" &&
      involvedObject.name === name &&
      involvedObject.namespace === namespace &&
      /^(ProvisioningFailed|FailedBinding)$/.test(reason ?? ""),
  );
  return event === undefined ? undefined : oneLine(event.message ?? "");
}

function mounts({ spec }: Pod, claim: string): boolean {
  return spec.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim) ?? false;
}

/** Pods whose volumes are bound, but where no node is. */
function ofZones({ of }: Snapshot): Finding[] {
  return of("pods").flatMap((pod) => {
    const condition = unschedulable(pod);
    if (
      condition === undefined ||
      !/node affinity conflict|PersistentVolume's node affinity|no available volume zone/.test(condition.message ?? "")
    ) {
      return [];
    }
    const found = `its volume is bound to a zone or node that has no room for it: ${oneLine(schedulerWords(condition), 120)}`;
    return [
      {
        where: nameOf("pods", pod.metadata),
        found,
        remedy: `${commandOn(pod, "describe pod")}; add a node in the zone that \`kubectl get pv --output wide\` and its node affinity show`,
      },
    ];
  });
}

function remedyOf(found: string): string {
  if (found.includes("storage class"))
    return "scripts/pulumi config set --stack <stack> --path 'cluster.storageClass' <one of kubectl get storageclass>";
  if (found.includes("is gone")) return "restore it from a backup: docs/operations.md";
  return "free a volume (`kubectl get pv`: Kubernetes does not reuse Released ones), or request a smaller one with its storageGiB";
}
