import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";

/** A kind that a cluster may not have. */
export interface KindDefinition {
  definition: KubernetesObject;
  /** Whether an object is of the kind. */
  defines: (object: KubernetesObject) => boolean;
}

const text = { type: "string", minLength: 1 };
const texts = { type: "array", items: text };
const object = (properties: object, required: string[] = []) => ({ type: "object", required, properties });
const list = (properties: object, required: string[] = []) => ({ type: "array", items: object(properties, required) });
const textMap = { type: "object", additionalProperties: { type: "string" } };

/** What the platform uses of a kind's spec; another field is refused. */
function kindOf(group: string, kind: string, spec: object, annotations: Record<string, string> = {}): KindDefinition {
  const plural = `${kind.toLowerCase()}s`;
  const openAPIV3Schema = object({ spec });
  return {
    defines: (one) => one.apiVersion === `${group}/v1` && one.kind === kind,
    definition: {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `${plural}.${group}`, annotations },
      spec: {
        group,
        scope: "Namespaced",
        names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
        versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema } }],
      },
    },
  };
}

const path = object({ type: { type: "string", enum: ["Exact", "PathPrefix"] }, value: text });
const port = { type: "integer", minimum: 1, maximum: 65535 };

/** Source: https://gateway-api.sigs.k8s.io/reference/spec/ */
const httpRoute = kindOf(
  "gateway.networking.k8s.io",
  "HTTPRoute",
  object({
    parentRefs: list({ name: text, namespace: text, sectionName: text }, ["name"]),
    hostnames: texts,
    rules: list({ matches: list({ path }), backendRefs: list({ name: text, port }, ["name"]) }),
  }),
  // Kubernetes demands it of definitions in groups of its own.
  { "api-approved.kubernetes.io": "unapproved, a definition of the tests" },
);

const secretKey = object({ name: text, key: text }, ["key"]);

/** Source: https://prometheus-operator.dev/docs/api-reference/api/ */
const podMonitor = kindOf(
  "monitoring.coreos.com",
  "PodMonitor",
  object(
    {
      selector: object({ matchLabels: textMap }),
      podMetricsEndpoints: list({
        path: text,
        basicAuth: object({ username: secretKey, password: secretKey }),
        authorization: object({ credentials: secretKey }),
        relabelings: list({
          action: { type: "string", enum: ["keep", "replace"] },
          sourceLabels: texts,
          regex: text,
          targetLabel: text,
          replacement: text,
        }),
      }),
    },
    ["selector", "podMetricsEndpoints"],
  ),
);

const duration = { type: "string", pattern: "^([0-9]+[smhd])+$" };

/** Source: the same. */
const prometheusRule = kindOf(
  "monitoring.coreos.com",
  "PrometheusRule",
  object({
    groups: list(
      {
        name: text,
        rules: list({ alert: text, expr: text, for: duration, labels: textMap, annotations: textMap }, ["expr"]),
      },
      ["name"],
    ),
  }),
);

/** Kinds of others that the platform uses, for clusters without them. */
export const kindDefinitions = [httpRoute, podMonitor, prometheusRule];
