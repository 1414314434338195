import { parse } from "yaml";
import { podSpecOf } from "../lib/kubernetes/demand.ts";
import { at, isObject, listAt } from "../lib/json.ts";
import { isKubernetesObject, type KubernetesObject, nameOf } from "../lib/kubernetes/objects.ts";
import { kubernetesObject, type Resource, textsAt } from "../lib/resource.ts";

/** Pods that an object makes. */
export interface Pods {
  /** `namespace/Kind/name`; Airflow's own template is the Pod of its ConfigMap. */
  place: string;
  namespace: string | undefined;
  labels: Record<string, string>;
  spec: Record<string, unknown>;
}

export interface Container {
  name: string;
  value: Record<string, unknown>;
}

/** The pods of a workload, and those that Airflow makes from the template in a ConfigMap. */
export function podsOf(resource: Resource): Pods[] {
  const object = kubernetesObject(resource);
  return object === undefined ? [] : [object, ...templateIn(object)].flatMap(podsOfObject);
}

function podsOfObject(object: KubernetesObject): Pods[] {
  const spec = podSpecOf(object);
  if (spec === undefined || !Array.isArray(spec.containers)) return [];
  const paths: Record<string, string> = { Pod: "metadata", CronJob: "spec.jobTemplate.spec.template.metadata" };
  const labels = textsAt(object, `${paths[object.kind] ?? "spec.template.metadata"}.labels`);
  return [{ place: nameOf(object), namespace: object.metadata.namespace, labels, spec }];
}

/** Airflow's worker pods are in no resource: their template is a file of the chart's ConfigMap. */
function templateIn({ kind, metadata, data }: KubernetesObject): KubernetesObject[] {
  const text = kind === "ConfigMap" ? fileOf(data) : undefined;
  const template: unknown = text === undefined ? undefined : parse(text);
  if (!isObject(template)) return [];
  const named = { ...(isObject(template.metadata) ? template.metadata : {}), ...placeOfTemplate(metadata) };
  const pod = { apiVersion: "v1", kind: "Pod", ...template, metadata: named };
  return isKubernetesObject(pod) ? [pod] : [];
}

function fileOf(data: unknown): string | undefined {
  const text = isObject(data) ? data["pod_template_file.yaml"] : undefined;
  return typeof text === "string" ? text : undefined;
}

function placeOfTemplate({ name, namespace }: KubernetesObject["metadata"]) {
  return namespace === undefined ? { name: `${name}-task` } : { name: `${name}-task`, namespace };
}

/** Containers, init containers among them. */
export function containersOf({ spec }: Pods): Container[] {
  return ["initContainers", "containers"]
    .flatMap((key) => listAt(spec, key))
    .filter(isObject)
    .map((value) => ({ name: String(at(value, "name")), value }));
}
