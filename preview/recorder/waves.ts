import type { Registration } from "../../lib/recording.ts";
import { isObject } from "../../lib/json.ts";
import { type KubernetesObject, objectOf } from "../../lib/kubernetes/objects.ts";

/** Kinds that others refer to by name, so that they come first where no dependency says so. */
const earliestWave: Record<string, number> = {
  Namespace: 0,
  CustomResourceDefinition: 0,
  PriorityClass: 0,
  StorageClass: 0,
  PersistentVolume: 1,
  ResourceQuota: 1,
  LimitRange: 1,
  NetworkPolicy: 1,
  ServiceAccount: 1,
  Role: 1,
  ClusterRole: 1,
  ConfigMap: 1,
  Secret: 1,
  PersistentVolumeClaim: 2,
  RoleBinding: 2,
  ClusterRoleBinding: 2,
  Service: 2,
};
const workloadWave = 3;

/**
 * The wave of each resource, by URN: what a resource depends on is in an earlier one.
 *
 * Waves instead of positions, so that a new object renames no file of another.
 */
export function wavesOf(resources: readonly Registration[]): Map<string, number> {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const namespaces = namespacesOf(resources);
  const waves = new Map<string, number>();
  const waveOf = (urn: string, above: readonly string[]): number => {
    const known = waves.get(urn);
    const resource = byUrn.get(urn);
    if (known !== undefined) return known;
    if (resource === undefined) return -1;
    if (above.includes(urn)) throw new Error(`${urn} depends on itself`);
    const namespace = namespaces.get(objectOf(resource)?.metadata.namespace ?? "");
    const before = [...resource.dependencies, ...(namespace === undefined ? [] : [namespace])];
    const inner = [...above, urn];
    const steps = before.map((other) => 1 + waveOf(other, inner));
    // A component that waits for something makes its children wait: they register after their parent.
    const wave = Math.max(earliest(resource), waveOf(resource.parent, inner), ...steps);
    waves.set(urn, wave);
    return wave;
  };
  resources.forEach(({ urn }) => waveOf(urn, []));
  return waves;
}

/** The wave of each object of a chart; `config.kubernetes.io/depends-on` is what orders them during an update too. */
export function chartWavesOf(objects: readonly KubernetesObject[]): Map<KubernetesObject, number> {
  const byReference = new Map(objects.map((object) => [referenceTo(object), object]));
  const waves = new Map<KubernetesObject, number>();
  const waveOf = (object: KubernetesObject, above: readonly KubernetesObject[]): number => {
    const known = waves.get(object);
    if (known !== undefined) return known;
    if (above.includes(object)) throw new Error(`${referenceTo(object)} depends on itself`);
    const before = dependenciesOf(object).flatMap((reference) => byReference.get(reference) ?? []);
    const steps = before.map((other) => 1 + waveOf(other, [...above, object]));
    const wave = Math.max(earliestWave[object.kind] ?? workloadWave, ...steps);
    waves.set(object, wave);
    return wave;
  };
  objects.forEach((object) => waveOf(object, []));
  return waves;
}

/** As the annotation writes it, e.g. `batch/namespaces/mlops/Job/migrations`. */
function referenceTo({ apiVersion, kind, metadata: { namespace, name } }: KubernetesObject): string {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return namespace === undefined ? `${group}/${kind}/${name}` : `${group}/namespaces/${namespace}/${kind}/${name}`;
}

function dependenciesOf({ metadata: { annotations } }: KubernetesObject): string[] {
  const text = isObject(annotations) ? annotations["config.kubernetes.io/depends-on"] : undefined;
  return typeof text === "string" ? text.split(",").map((reference) => reference.trim()) : [];
}

/** A dependency on a generated value or a provider takes no step of its own. */
function earliest(resource: Registration): number {
  const object = objectOf(resource);
  if (object !== undefined) return earliestWave[object.kind] ?? workloadWave;
  return resource.remote ? workloadWave : -1;
}

/** URN of each namespace that the program makes, by name. */
function namespacesOf(resources: readonly Registration[]): Map<string, string> {
  return new Map(
    resources.flatMap((resource) => {
      const object = objectOf(resource);
      return object?.kind === "Namespace" ? [[object.metadata.name, resource.urn] as const] : [];
    }),
  );
}
