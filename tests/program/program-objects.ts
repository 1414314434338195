import { parse } from "yaml";
import { podSpecOf } from "../../lib/kubernetes/demand.ts";
import { isObject, listAt } from "../../lib/json.ts";
import { type KubernetesObject, nameOf } from "../../lib/kubernetes/objects.ts";
import type { Rendering } from "../../preview/render.ts";

/** Every Kubernetes object: the program's own, and the charts' where they are rendered. */
export function allObjects({ objects, charts }: Rendering): KubernetesObject[] {
  return [...objects.map(({ object }) => object), ...charts.flatMap(({ rendered }) => rendered.objects ?? [])];
}

/** All objects that make pods, and the pods that Airflow makes from the template in its ConfigMap. */
export function podMakers(rendering: Rendering): KubernetesObject[] {
  return [...allObjects(rendering), ...allObjects(rendering).flatMap(templatesOf)].filter(
    (object) => podSpecOf(object) !== undefined,
  );
}

function templatesOf({ kind, metadata, data }: KubernetesObject): KubernetesObject[] {
  const text = kind === "ConfigMap" && isObject(data) ? data["pod_template_file.yaml"] : undefined;
  const template: unknown = typeof text === "string" ? parse(text) : undefined;
  if (!isObject(template)) return [];
  const { namespace = "", name } = metadata;
  const placed = { ...(isObject(template.metadata) ? template.metadata : {}), namespace, name: `${name}-task` };
  return [{ ...template, apiVersion: "v1", kind: "Pod", metadata: placed }];
}

/** A container and where it is. */
export interface PlacedContainer {
  place: string;
  container: Record<string, unknown>;
}

export function containersOf(object: KubernetesObject): PlacedContainer[] {
  const pod = podSpecOf(object);
  return ["initContainers", "containers"]
    .flatMap((key) => listAt(pod, key))
    .filter(isObject)
    .map((container) => ({ place: `${nameOf(object)}: ${String(container.name)}`, container }));
}
