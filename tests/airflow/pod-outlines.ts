import { at, isObject, listAt } from "../../lib/json.ts";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";
import { podsOf } from "../../policy/pods.ts";

/** Of every pod what tables and policies read, by the place of what makes it. */
export function podOutlines(objects: KubernetesObject[]): Record<string, unknown> {
  const outlines = objects.flatMap((object) =>
    podsOf(asResource(object)).map(({ place, labels, spec }) => {
      const outline = {
        replicas: at(object, "spec.replicas") ?? 1,
        storage: listAt(object, "spec.volumeClaimTemplates").map((claim) =>
          at(claim, "spec.resources.requests.storage"),
        ),
        labels,
        account: spec.serviceAccountName,
        context: spec.securityContext,
        pullSecrets: listAt(spec, "imagePullSecrets"),
        initContainers: containerOutlines(spec.initContainers),
        containers: containerOutlines(spec.containers),
      };
      return [place.split("/").slice(0, 2).join("/") + "/" + object.metadata.name, outline] as const;
    }),
  );
  return Object.fromEntries(outlines.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function containerOutlines(containers: unknown): Record<string, unknown>[] {
  const found = Array.isArray(containers) ? containers.filter(isObject) : [];
  return found.map(({ name, image, resources, securityContext }) => ({ name, image, resources, securityContext }));
}

function asResource(object: KubernetesObject) {
  const { apiVersion, kind, metadata } = object;
  const type = `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
  const none = { protect: false, dependencies: [], provider: {} };
  return {
    urn: metadata.name,
    type,
    name: metadata.name,
    inputs: { ...object, metadata: withNamespace(metadata) },
    ...none,
  };
}

/** `helm template` leaves it out. */
function withNamespace(metadata: KubernetesObject["metadata"]) {
  return { ...metadata, namespace: "mlops" };
}
