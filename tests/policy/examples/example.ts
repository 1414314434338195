import type { Resource } from "../../../lib/resource.ts";
import type { Loss } from "../../../policy/rule.ts";
import type { Settings } from "../../../policy/settings.ts";

/** What a rule is shown: it must be content with some resources, and complain of others. */
export interface Example {
  /** Id of the rule. */
  rule: string;
  title: string;
  resources: Resource[];
  /** Of the stack's configuration. @default - what a configuration has that says nothing */
  settings?: Partial<Settings>;
  /** What a change deletes. @default - nothing */
  losses?: Loss[];
  /** `place message` of each violation; none: the rule holds. */
  violations: string[];
}

/** A cloud's resource. */
export function cloud(type: string, inputs: Record<string, unknown>, more: Partial<Resource> = {}): Resource {
  const urn = `urn:pulumi:test::mlops::${type}::main`;
  return { urn, type, name: "main", inputs, protect: false, dependencies: [], provider: {}, ...more };
}

const groups: Record<string, string> = {
  ClusterRole: "rbac.authorization.k8s.io/v1",
  Deployment: "apps/v1",
  HTTPRoute: "gateway.networking.k8s.io/v1",
  Ingress: "networking.k8s.io/v1",
  NetworkPolicy: "networking.k8s.io/v1",
  StatefulSet: "apps/v1",
  StorageClass: "storage.k8s.io/v1",
};

/** A Kubernetes object named `main` in the namespace `mlops`. */
export function object(kind: string, inputs: Record<string, unknown>, more: Partial<Resource> = {}): Resource {
  const apiVersion = groups[kind] ?? "v1";
  const type = `kubernetes:${apiVersion === "v1" ? "core/v1" : apiVersion}:${kind}`;
  const metadata = { name: "main", ...(kind === "Namespace" ? {} : { namespace: "mlops" }) };
  const own = typeof inputs.metadata === "object" ? inputs.metadata : {};
  return cloud(type, { apiVersion, kind, ...inputs, metadata: { ...metadata, ...own } }, more);
}

export const goodContainer = {
  name: "main",
  image: "docker.io/grafana/grafana:13.0.10",
  resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } },
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
};

export const goodPod = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };

/** A Deployment of two pods with one container, which is good but for what is given. */
export function deployment(container: object, pod: object = {}, metadata: object = {}): Resource {
  const spec = { securityContext: goodPod, containers: [{ ...goodContainer, ...container }], ...pod };
  const template = { metadata: { labels: { app: "main" } }, spec };
  return object("Deployment", { metadata, spec: { replicas: 2, template } });
}
