// What the doctor reads of the cluster, as `kubectl get --output json` prints it.
import { platformLabel } from "../../components/ownership/platform-sign.ts";
import type * as api from "../../lib/kubernetes/api.ts";

/** Kinds that are read in the platform's namespace, in each project's, and in those that are going. */
export interface NamespacedObjects {
  pods: api.Pod;
  events: api.Event;
  jobs: api.Job;
  cronjobs: api.CronJob;
  deployments: api.Deployment;
  persistentvolumeclaims: api.PersistentVolumeClaim;
  services: api.Service;
  ingresses: api.Ingress;
  resourcequotas: api.ResourceQuota;
  configmaps: api.ConfigMap;
  /** Values are base64. */
  secrets: api.Secret;
  serviceaccounts: api.ServiceAccount;
  networkpolicies: api.NetworkPolicy;
}

/** Kinds that are read in the namespaces of the cluster itself: where its API server and its DNS are. */
export interface SystemObjects {
  endpointslices: api.EndpointSlice;
}

/** Kinds that are in no namespace, and all pods that a node has room for. */
export interface ClusterObjects {
  namespaces: api.Namespace;
  nodes: api.Node;
  storageclasses: api.StorageClass;
}

export type Objects = NamespacedObjects & SystemObjects & ClusterObjects;
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
  networkpolicies: "NetworkPolicy",
  endpointslices: "EndpointSlice",
  namespaces: "Namespace",
  nodes: "Node",
  storageclasses: "StorageClass",
};

/** Where an object is, e.g. `pod mlops/postgres-0`. */
export function nameOf(kind: Kind, { namespace, name }: { namespace?: string | undefined; name: string }): string {
  const singular = singularOf(kind);
  return `${singular} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

function singularOf(kind: Kind): string {
  if (kind === "networkpolicies") return "networkpolicy";
  return kind.endsWith("sses") ? kind.slice(0, -2) : kind.slice(0, -1);
}

/** The id of the platform in a namespace; undefined if an older version made it, which signed nothing. */
export function signOf(platform: string, namespaces: readonly api.Namespace[]): string | undefined {
  return namespaces.find(({ metadata }) => metadata.name === platform)?.metadata.labels?.[platformLabel];
}
