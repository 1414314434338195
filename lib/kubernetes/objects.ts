import { stringify } from "yaml";
import { isObject } from "../json.ts";

/** A Kubernetes object as it would be applied. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; [key: string]: unknown };
  [key: string]: unknown;
}

/** The inputs of a resource. */
interface Registered {
  type: string;
  custom: boolean;
  inputs: Record<string, unknown>;
}

/** The object that a resource registers; undefined for components, charts and cloud resources. */
export function objectOf({ type, custom, inputs }: Registered): KubernetesObject | undefined {
  return custom && type.startsWith("kubernetes:") && isKubernetesObject(inputs) ? inputs : undefined;
}

export function isKubernetesObject(value: unknown): value is KubernetesObject {
  if (!isObject(value)) return false;
  const { apiVersion, kind, metadata } = value;
  return (
    typeof apiVersion === "string" &&
    typeof kind === "string" &&
    isObject(metadata) &&
    typeof metadata.name === "string"
  );
}

/** The cluster-scoped kinds that the platform and its chart use. */
const clusterKinds = new Set([
  "APIService",
  "ClusterRole",
  "ClusterRoleBinding",
  "CustomResourceDefinition",
  "IngressClass",
  "MutatingWebhookConfiguration",
  "Namespace",
  "PersistentVolume",
  "PriorityClass",
  "StorageClass",
  "ValidatingWebhookConfiguration",
]);

export function isNamespaced({ kind }: { kind: string }): boolean {
  return !clusterKinds.has(kind);
}

/** `namespace/kind/name`, as a message names an object. */
export function nameOf({ kind, metadata }: KubernetesObject): string {
  return [metadata.namespace, kind, metadata.name].filter((part) => part !== undefined).join("/");
}

/** Name of an object's file, e.g. `mlops-deployment-mlflow.yaml`. */
export function fileNameOf({ kind, metadata }: KubernetesObject): string {
  const parts = [metadata.namespace ?? "cluster", kind.toLowerCase(), metadata.name];
  return `${parts.join("-").replace(/[^A-Za-z0-9.-]+/g, "_")}.yaml`;
}

/** YAML with the keys in the program's order, the same at each run. Kubernetes reads YAML 1.1, where a bare `off` is a boolean. */
export function toYaml(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false, lineWidth: 0, version: "1.1" });
}
