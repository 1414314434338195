import { clouds } from "../../../components/cluster/kinds.ts";
import { kubectl } from "../../../lib/kubernetes/kubectl.ts";
import { platformNamespaces } from "../../platform/platform-json.ts";
import type { Happened } from "../../platform/quiet-metrics.ts";
import type { Platform } from "../platform.ts";

/** An object of the cluster, as far as it says that something has happened. */
export interface ObservedObject {
  kind: string;
  metadata: {
    name: string;
    annotations?: Record<string, string>;
    ownerReferences?: { kind: string; name: string }[];
  };
  status?: {
    lastSuccessfulTime?: string;
    conditions?: { type: string; status: string }[];
    containerStatuses?: { lastState?: { terminated?: { reason?: string } } }[];
  };
}

/** Drivers of volumes of which the kubelet is known to report the use: those of the clouds. */
const countingDrivers = clouds.map(({ volumeDriver }) => volumeDriver);
const backup = "backup";

/** What the cluster itself knows of the platform's namespaces. */
export function readCluster({ target, description }: Platform): Happened {
  const kinds = "cronjobs,jobs,pods,persistentvolumeclaims";
  const found = platformNamespaces(target, description).flatMap((namespace) => {
    const text = kubectl({ ...target, namespace }, ["get", kinds, "--output", "json"]);
    return (JSON.parse(text) as { items: ObservedObject[] }).items;
  });
  return clusterEvents(found);
}

export function clusterEvents(found: ObservedObject[]): Happened {
  const of = (kind: string) => found.filter((object) => object.kind === kind);
  return {
    backup: of("CronJob").some(({ metadata, status }) => metadata.name === backup && status?.lastSuccessfulTime),
    failedBackup: of("Job").some(
      ({ metadata: { ownerReferences = [] }, status }) =>
        ownerReferences.some(({ kind, name }) => kind === "CronJob" && name === backup) &&
        status?.conditions?.some((condition) => condition.type === "Failed" && condition.status === "True"),
    ),
    killedForMemory: of("Pod").some(({ status }) =>
      status?.containerStatuses?.some(({ lastState }) => lastState?.terminated?.reason === "OOMKilled"),
    ),
    countedVolume: of("PersistentVolumeClaim").some(({ metadata: { annotations = {} } }) =>
      countingDrivers.includes(annotations["volume.kubernetes.io/storage-provisioner"] ?? ""),
    ),
  };
}
