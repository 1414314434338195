import { failed, ok, type Outcome } from "./check.ts";

/** An object of the cluster, as far as a check looks at it. */
export interface ClusterObject {
  kind: string;
  metadata: { name: string; namespace: string; labels?: Record<string, string>; ownerReferences?: { kind: string }[] };
  spec?: { replicas?: number; selector?: Record<string, string> };
  status?: {
    readyReplicas?: number;
    updatedReplicas?: number;
    phase?: string;
    conditions?: { type: string; status: string; message?: string; reason?: string }[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
  };
}

interface ContainerStatus {
  name: string;
  restartCount: number;
  ready: boolean;
  state?: { waiting?: { reason?: string; message?: string } };
}

/** The parts of Airflow's chart that every stack has; the others are found by their Services. */
const chartParts = ["airflow-api-server", "airflow-dag-processor", "airflow-scheduler", "airflow-triggerer"];

const named = ({ kind, metadata: { namespace, name } }: ClusterObject) => `${kind} ${namespace}/${name}`;
const describe = (object: ClusterObject) =>
  `kubectl describe ${object.kind.toLowerCase()} ${object.metadata.name} --namespace ${object.metadata.namespace}`;

/** An update without a refresh does not find deleted objects. */
const missing = "run scripts/pulumi refresh --stack <stack>, then make up, to deploy missing objects";

/** Every Deployment and StatefulSet has as many ready pods as it should, of its newest kind. */
export function workloads(objects: ClusterObject[], hasChart: boolean): Outcome {
  const found = objects.filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet");
  const names = found.map(({ metadata }) => metadata.name);
  const absent = hasChart ? chartParts.filter((name) => !names.includes(name)) : [];
  if (absent.length > 0) {
    return failed(`missing: ${absent.join(", ")}`, missing);
  }
  const stopped = found.filter(({ spec }) => spec?.replicas === 0);
  const [still] = stopped;
  if (still !== undefined) {
    const { kind, metadata } = still;
    const start = `kubectl scale ${kind.toLowerCase()} ${metadata.name} --replicas=1 --namespace ${metadata.namespace}`;
    return failed(`scaled to 0: ${stopped.map(named).join(", ")}`, `${start}; an interrupted restore causes this`);
  }
  const wrong = found.filter(({ spec, status }) => {
    const wanted = spec?.replicas ?? 1;
    return (status?.readyReplicas ?? 0) < wanted || (status?.updatedReplicas ?? 0) < wanted;
  });
  const [first] = wrong;
  if (first === undefined) return ok(`${found.length} ready`);
  const seen = wrong.map((object) => {
    const { spec, status } = object;
    return `${named(object)} has ${status?.readyReplicas ?? 0} of ${spec?.replicas ?? 1} pods ready`;
  });
  return failed(seen.join("; "), `${describe(first)}; make doctor names known causes`);
}

/** Behind every Service with a selector is a ready pod. */
export function services(objects: ClusterObject[], without: string[]): Outcome {
  const found = objects.filter(
    ({ kind, metadata, spec }) =>
      kind === "Service" && spec?.selector !== undefined && !without.includes(metadata.name.replace(/-web$/, "")),
  );
  const ready = objects.filter((object) => object.kind === "Pod" && isReady(object));
  const wrong = found.filter(
    ({ metadata: { namespace }, spec }) =>
      !ready.some(
        ({ metadata }) =>
          metadata.namespace === namespace &&
          Object.entries(spec?.selector ?? {}).every(([key, value]) => metadata.labels?.[key] === value),
      ),
  );
  const [first] = wrong;
  if (first === undefined) return ok(`${found.length} with a ready pod`);
  return failed(
    `no ready pod behind ${wrong.map(named).join(", ")}`,
    `${describe(first)}; if its pods do not exist: ${missing}`,
  );
}

/** Every Job that no CronJob made is complete. */
export function jobs(objects: ClusterObject[]): Outcome {
  const found = objects.filter(
    ({ kind, metadata: { ownerReferences = [] } }) =>
      kind === "Job" && !ownerReferences.some((owner) => owner.kind === "CronJob"),
  );
  const wrong = found.filter(({ status }) => !hasCondition(status, "Complete"));
  const [first] = wrong;
  if (first === undefined) return ok(`${found.length} complete`);
  const seen = wrong.map((object) => {
    const failure = object.status?.conditions?.find(({ type, status }) => type === "Failed" && status === "True");
    return `${named(object)} ${failure === undefined ? "has not ended" : `has failed: ${failure.message ?? failure.reason ?? ""}`}`;
  });
  const { name, namespace } = first.metadata;
  return failed(
    seen.join("; "),
    `see kubectl logs job/${name} --namespace ${namespace}, then run make up to repeat it`,
  );
}

/** Reasons of a waiting container that do not go away by themselves. */
const stuck = /^(CrashLoopBackOff|ErrImage|ImagePull|CreateContainer|InvalidImage|RunContainer)/;

/** No pod waits for a node, for an image, or to be started again. */
export function pods(objects: ClusterObject[]): Outcome {
  const found = objects.filter(({ kind }) => kind === "Pod");
  const wrong = found.flatMap((object) => {
    const reason = reasonOf(object);
    return reason === undefined ? [] : [{ object, reason }];
  });
  const [first] = wrong;
  if (first === undefined) {
    const restarts = found.reduce((sum, { status }) => sum + restartsOf(status?.containerStatuses), 0);
    return ok(`${found.length} of the platform, ${restarts} restarts so far`);
  }
  const seen = wrong.map(({ object, reason }) => `${named(object)}: ${reason}`);
  return failed(seen.join("; "), `${describe(first.object)}; make doctor names known causes`);
}

/** Every claim has its volume. */
export function claims(objects: ClusterObject[]): Outcome {
  const found = objects.filter(({ kind }) => kind === "PersistentVolumeClaim");
  const wrong = found.filter(({ status }) => status?.phase !== "Bound");
  const [first] = wrong;
  if (first === undefined) return ok(`${found.length} bound`);
  const seen = wrong.map((object) => `${named(object)} is ${object.status?.phase ?? "unknown"}`);
  return failed(seen.join("; "), `${describe(first)}; the storage class must exist and have free space`);
}

function reasonOf({ status }: ClusterObject): string | undefined {
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  for (const { name, state, restartCount } of containers) {
    const reason = state?.waiting?.reason ?? "";
    if (stuck.test(reason)) {
      const message = state?.waiting?.message ?? "";
      return `container ${name} is in ${reason} after ${restartCount} restarts${message === "" ? "" : ` (${message})`}`;
    }
  }
  const unscheduled = status?.conditions?.find(({ type, status: is }) => type === "PodScheduled" && is === "False");
  return unscheduled === undefined ? undefined : `it fits on no node: ${unscheduled.message ?? ""}`;
}

function isReady({ status }: ClusterObject): boolean {
  return hasCondition(status, "Ready");
}

function hasCondition(status: ClusterObject["status"], wanted: string): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === wanted && is === "True") ?? false;
}

function restartsOf(statuses: ContainerStatus[] = []): number {
  return statuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
}
