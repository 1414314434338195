import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";

const group = "gateway.networking.k8s.io";

const text = { type: "string", minLength: 1 };
const list = (properties: object, required: string[]) => ({
  type: "array",
  items: { type: "object", required, properties },
});
const port = { type: "integer", minimum: 1, maximum: 65535 };
const path = {
  type: "object",
  properties: { type: { type: "string", enum: ["Exact", "PathPrefix"] }, value: text },
};

/**
 * What the platform uses of the kind HTTPRoute, for clusters without the Gateway API; another field is refused.
 *
 * Source: https://gateway-api.sigs.k8s.io/reference/spec/
 */
export const httpRouteDefinition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: {
    name: `httproutes.${group}`,
    // Kubernetes demands it of definitions in groups of its own.
    annotations: { "api-approved.kubernetes.io": "unapproved, a definition of the tests" },
  },
  spec: {
    group,
    scope: "Namespaced",
    names: { plural: "httproutes", singular: "httproute", kind: "HTTPRoute", listKind: "HTTPRouteList" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                properties: {
                  parentRefs: list({ name: text, namespace: text, sectionName: text }, ["name"]),
                  hostnames: { type: "array", items: text },
                  rules: list({ matches: list({ path }, []), backendRefs: list({ name: text, port }, ["name"]) }, []),
                },
              },
            },
          },
        },
      },
    ],
  },
};

/** Whether an object is of the defined kind. */
export function isHttpRoute({ apiVersion, kind }: KubernetesObject): boolean {
  return apiVersion === `${group}/v1` && kind === "HTTPRoute";
}
