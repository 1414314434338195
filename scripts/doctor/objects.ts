// What the doctor reads of the cluster's objects, as `kubectl get --output json` prints them.

interface Metadata {
  name: string;
  /** Empty for what is in no namespace. */
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  finalizers?: string[];
}

export interface Pod {
  metadata: Metadata;
  spec: PodSpec;
  status: {
    phase?: string;
    conditions?: Condition[];
    initContainerStatuses?: ContainerStatus[];
    containerStatuses?: ContainerStatus[];
  };
}

interface PodSpec {
  nodeName?: string;
  serviceAccountName?: string;
  volumes?: { name: string; persistentVolumeClaim?: { claimName: string } }[];
  initContainers?: Container[];
  containers: Container[];
}

export interface Container {
  name: string;
  image?: string;
  args?: string[];
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
}

export interface ContainerStatus {
  name: string;
  image: string;
  restartCount: number;
  state: ContainerState;
  lastState?: ContainerState;
}

interface ContainerState {
  waiting?: { reason: string; message?: string };
  running?: object;
  terminated?: { reason?: string; exitCode: number };
}

export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

export interface Event {
  metadata: Metadata;
  involvedObject: { kind: string; namespace?: string; name: string; fieldPath?: string };
  reason: string;
  message: string;
  count?: number | null;
  lastTimestamp?: string | null;
  eventTime?: string | null;
}

export interface Job {
  metadata: Metadata;
  spec: { suspend?: boolean };
  status: { conditions?: Condition[]; succeeded?: number; startTime?: string };
}

export interface CronJob {
  metadata: Metadata;
  spec: { schedule: string; suspend?: boolean };
  status: { lastSuccessfulTime?: string };
}

export interface Deployment {
  metadata: Metadata;
  spec: { template: { spec: PodSpec } };
}

export interface Claim {
  metadata: Metadata;
  spec: { storageClassName?: string };
  status: { phase?: string };
}

export interface Service {
  metadata: Metadata;
  spec: { type?: string; selector?: Record<string, string> };
  status: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
}

export interface Ingress {
  metadata: Metadata;
  spec: { rules?: { host?: string; http?: { paths: { backend: { service?: { name: string } } }[] } }[] };
}

export interface Quota {
  metadata: Metadata;
  status: { hard?: Record<string, string>; used?: Record<string, string> };
}

export interface Settings {
  metadata: Metadata;
  data?: Record<string, string>;
}

export interface ServiceAccount {
  metadata: Metadata;
}

export interface Namespace {
  metadata: Metadata;
  status: { phase?: string; conditions?: Condition[] };
}

export interface Node {
  metadata: Metadata;
  status: { allocatable?: Record<string, string> };
}

export interface StorageClass {
  metadata: Metadata;
}

/** Kinds that are read in the platform's namespace, in each project's, and in those that are going. */
export interface NamespacedObjects {
  pods: Pod;
  events: Event;
  jobs: Job;
  cronjobs: CronJob;
  deployments: Deployment;
  persistentvolumeclaims: Claim;
  services: Service;
  ingresses: Ingress;
  resourcequotas: Quota;
  configmaps: Settings;
  /** Values are base64. */
  secrets: Settings;
  serviceaccounts: ServiceAccount;
}

/** Kinds that are in no namespace, and all pods that a node has room for. */
export interface ClusterObjects {
  namespaces: Namespace;
  nodes: Node;
  storageclasses: StorageClass;
}

export type Objects = NamespacedObjects & ClusterObjects;
export type Kind = keyof Objects;

/** `kind` of an object by the name that the API has for it. */
export const kinds: Record<Kind, string> = {
  pods: "Pod",
  events: "Event",
  jobs: "Job",
  cronjobs: "CronJob",
  deployments: "Deployment",
  persistentvolumeclaims: "PersistentVolumeClaim",
  services: "Service",
  ingresses: "Ingress",
  resourcequotas: "ResourceQuota",
  configmaps: "ConfigMap",
  secrets: "Secret",
  serviceaccounts: "ServiceAccount",
  namespaces: "Namespace",
  nodes: "Node",
  storageclasses: "StorageClass",
};

/** Where an object is, e.g. `pod mlops/postgres-0`. */
export function nameOf(kind: Kind, { namespace, name }: { namespace?: string; name: string }): string {
  const singular = kind === "ingresses" || kind === "storageclasses" ? kind.slice(0, -2) : kind.slice(0, -1);
  return `${singular} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}
