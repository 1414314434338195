const selector = "spec.selector";

/** Of the whole object; of every kind. */
const named = ["metadata.name", "metadata.namespace"];

const kinds: Readonly<Record<string, readonly string[]>> = {
  "apps/v1:Deployment": [selector],
  "apps/v1:StatefulSet": [
    selector,
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/v1:Job": [selector, "spec.completions", "spec.parallelism", "spec.template"],
  "core/v1:PersistentVolume": ["spec.csi", "spec.hostPath", "spec.local", "spec.nfs"],
  "core/v1:PersistentVolumeClaim": [selector, "spec.accessModes", "spec.storageClassName", "spec.volumeName"],
  "core/v1:ResourceQuota": ["spec.scopes"],
  "core/v1:Secret": ["type"],
  "core/v1:Service": ["spec.clusterIP"],
  "rbac.authorization.k8s.io/v1:ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/v1:RoleBinding": ["roleRef"],
  "storage.k8s.io/v1:StorageClass": ["parameters", "provisioner"],
};

/**
 * Fields of a Kubernetes object whose change replaces it: the provider deletes the old one first, since its name stays.
 *
 * From the list `forceNew` of pulumi-kubernetes as of 2026-07-01, provider/pkg/provider/diff.go:
 * https://github.com/pulumi/pulumi-kubernetes/blob/94977969d64112b04e19945818a7d5d5f38f631d/provider/pkg/provider/diff.go.
 * The data of ConfigMaps and Secrets is not here, since this program has them updated in place
 * (components/cluster/in-place.ts). Whatever has no entry is replaced for its name and namespace alone.
 */
export function kubernetesReplacements(type: string): readonly string[] {
  return [...named, ...(kinds[type.replace(/^kubernetes:/, "")] ?? [])];
}
