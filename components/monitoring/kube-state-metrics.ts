import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { clusterService } from "../objects/cluster-service.ts";
import type { Images } from "../images.ts";
import { labels, selectorLabels } from "../objects/labels.ts";
import type { ProjectNamespace } from "../project/projects.ts";
import { kubeStateMetricsPort as port, kubeStateTelemetryPort as telemetryPort, prometheus } from "./description.ts";
import { nobodyUser } from "./prometheus-pod.ts";
import { restrictedPodSpec } from "../objects/restricted.ts";

export interface KubeStateMetricsArgs {
  namespace: pulumi.Input<string>;
  /** Those whose namespaces are watched beside it. */
  projects: ProjectNamespace[];
  images: Images;
}

/** The kinds that it may list and shows as metrics, by API group; dashboards and alerts need no others. */
const watched: Record<string, string[]> = {
  "": ["persistentvolumeclaims", "pods", "resourcequotas"],
  apps: ["deployments", "statefulsets"],
  batch: ["cronjobs", "jobs"],
};

/**
 * The state of the objects in the platform's and the projects' namespaces as metrics on port 8080.
 *
 * It has rights in these namespaces alone; what a cluster has beside them, nodes above all, Prometheus learns from the
 * kubelets. It requests 10m CPU and 48 MiB of memory.
 *
 * ```ts
 * new KubeStateMetrics("kube-state-metrics", { namespace, projects: [{ name: "pageviews", namespace: "pageviews" }], images });
 * ```
 */
export class KubeStateMetrics extends pulumi.ComponentResource {
  constructor(name: string, args: KubeStateMetricsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:kube-state-metrics:KubeStateMetrics", name, {}, opts);
    const { namespace, projects } = args;
    const child = { parent: this };
    const metadata = { name, namespace, labels: labels(name) };
    const account = new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, child);
    const subjects = [{ kind: "ServiceAccount", name: account.metadata.name, namespace }];
    const rules = Object.entries(watched).map(([group, resources]) => ({
      apiGroups: [group],
      resources,
      verbs: ["list", "watch"],
    }));
    const watch = (resourceName: string, watchedNamespace: pulumi.Input<string>): void => {
      const scoped = { name, namespace: watchedNamespace, labels: labels(name) };
      const role = new k8s.rbac.v1.Role(resourceName, { metadata: scoped, rules }, child);
      const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name };
      new k8s.rbac.v1.RoleBinding(resourceName, { metadata: scoped, roleRef, subjects }, child);
    };
    watch(name, namespace);
    for (const project of projects) watch(`${name}-${project.name}`, project.namespace);
    new k8s.core.v1.Service(name, clusterService(name, namespace, { metrics: port }), child);
    const template = { metadata: { labels: labels(name) }, spec: podSpec(args, account.metadata.name) };
    const spec = { replicas: 1, selector: { matchLabels: selectorLabels(name) }, template };
    new k8s.apps.v1.Deployment(name, { metadata, spec }, child);
    this.registerOutputs({});
  }
}

function podSpec(
  args: KubeStateMetricsArgs,
  serviceAccountName: pulumi.Input<string>,
): k8s.types.input.core.v1.PodSpec {
  return restrictedPodSpec(nobodyUser, {
    serviceAccountName,
    // It watches the API server.
    automountServiceAccountToken: true,
    containers: [container(args)],
  });
}

function container({ namespace, projects, images }: KubeStateMetricsArgs): k8s.types.input.core.v1.Container {
  return {
    name: "kube-state-metrics",
    image: images.public("kubeStateMetrics"),
    args: [
      pulumi
        .all([namespace, ...projects.map((project) => project.namespace)])
        .apply((names) => `--namespaces=${names.join(",")}`),
      `--resources=${Object.values(watched).flat().toSorted().join(",")}`,
      `--port=${port}`,
      `--telemetry-port=${telemetryPort}`,
    ],
    ports: [
      { name: "metrics", containerPort: port },
      { name: "telemetry", containerPort: telemetryPort },
    ],
    // Its /livez asks the API server; a restart would not bring that one back.
    livenessProbe: { httpGet: { path: "/healthz", port: "metrics" }, periodSeconds: 20, timeoutSeconds: 10 },
    readinessProbe: { httpGet: { path: "/readyz", port: "telemetry" }, periodSeconds: 10, timeoutSeconds: 5 },
    resources: prometheus.pods["kube-state-metrics"].resources,
  };
}
