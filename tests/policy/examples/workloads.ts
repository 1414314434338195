import { deployment, type Example, goodContainer, object } from "./example.ts";

const place = "mlops/Deployment/main";
const policy = (namespace: string, spec: object) => object("NetworkPolicy", { metadata: { namespace }, spec });
const both = ["Ingress", "Egress"];
const noPolicy = (what: string) =>
  both.map(
    (direction) =>
      `${what} no NetworkPolicy for ${direction} selects ${what === place ? "its pods" : "all of its pods"}`,
  );

const taskPod = JSON.stringify({ spec: { containers: [{ name: "base", image: "docker.io/apache/airflow" }] } });

/** Rules about what runs in the cluster. */
export const workloads: Example[] = [
  { rule: "images-pinned", title: "an exact tag", resources: [deployment({})], violations: [] },
  {
    rule: "images-pinned",
    title: "a digest",
    resources: [deployment({ image: `docker.io/grafana/grafana@sha256:${"0".repeat(64)}` })],
    violations: [],
  },
  {
    rule: "images-pinned",
    title: "latest, and versions that get new patches",
    resources: [
      "grafana/grafana:latest",
      "library/redis:7",
      "library/redis:7.4-bookworm",
      "grafana/grafana:stable",
    ].map((image) => deployment({ image: `docker.io/${image}` })),
    violations: [
      `${place} container main has the image docker.io/grafana/grafana:latest, which is not pinned`,
      `${place} container main has the image docker.io/library/redis:7, which is not pinned`,
      `${place} container main has the image docker.io/library/redis:7.4-bookworm, which is not pinned`,
      `${place} container main has the image docker.io/grafana/grafana:stable, which is not pinned`,
    ],
  },
  {
    rule: "images-pinned",
    title: "no tag, in the template of Airflow's workers",
    resources: [object("ConfigMap", { data: { "pod_template_file.yaml": taskPod } })],
    violations: ["mlops/ConfigMap/main container base has the image docker.io/apache/airflow, which is not pinned"],
  },
  {
    rule: "images-pinned",
    title: "no tag behind a registry's port, among the images of tasks",
    resources: [
      object("ConfigMap", { data: { "platform.json": '{"images":{"papermill":"localhost:5000/papermill"}}' } }),
    ],
    violations: [
      "mlops/ConfigMap/main task image papermill has the image localhost:5000/papermill, which is not pinned",
    ],
  },
  {
    rule: "images-from-allowed-registries",
    title: "a public registry that the policy names, with and without Docker Hub's host, and the stack's own",
    resources: [
      deployment({}),
      deployment({ image: "grafana/grafana:13.0.10" }),
      deployment({ image: "registry.example.org/mlops/mlflow:1.0.0" }),
    ],
    violations: [],
  },
  {
    rule: "images-from-allowed-registries",
    title: "somebody else's, and one that only begins like the stack's own",
    resources: [
      deployment({ image: "someone/grafana:1.0.0" }),
      deployment({ image: "registry.example.org/mlops-evil/x:1.0.0" }),
    ],
    violations: [
      `${place} container main has the image someone/grafana:1.0.0, whose registry is not allowed`,
      `${place} container main has the image registry.example.org/mlops-evil/x:1.0.0, whose registry is not allowed`,
    ],
  },
  {
    rule: "pod-security-restricted",
    title: "a restricted pod in a restricted namespace",
    resources: [
      deployment({}),
      object("Namespace", { metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } } }),
    ],
    violations: [],
  },
  {
    rule: "pod-security-restricted",
    title: "an open namespace, a host's folder and network, and root",
    resources: [
      object("Namespace", {}),
      deployment(
        { securityContext: { runAsUser: 0, privileged: true } },
        { hostNetwork: true, volumes: [{ name: "x", hostPath: { path: "/" } }] },
      ),
    ],
    violations: [
      "Namespace/main has no label pod-security.kubernetes.io/enforce: restricted",
      `${place} its pod has hostNetwork`,
      `${place} its pod has hostPath`,
      `${place} container main lacks allowPrivilegeEscalation false`,
      `${place} container main lacks privileged unset`,
      `${place} container main lacks all capabilities dropped`,
      `${place} container main lacks a non-root user`,
    ],
  },
  { rule: "requests-and-limits", title: "all four", resources: [deployment({})], violations: [] },
  {
    rule: "requests-and-limits",
    title: "no memory limit, in an init container",
    resources: [
      deployment(
        {},
        { initContainers: [{ name: "wait", resources: { ...goodContainer.resources, limits: { cpu: "1" } } }] },
      ),
    ],
    violations: [`${place} container wait has no limits.memory`],
  },
  {
    rule: "workload-has-network-policy",
    title: "one policy for all pods in both directions",
    resources: [
      deployment({}),
      object("Namespace", { metadata: { name: "mlops" } }),
      policy("mlops", { podSelector: {}, policyTypes: both }),
    ],
    violations: [],
  },
  {
    rule: "workload-has-network-policy",
    title: "selectors that fit the pods",
    resources: [
      deployment({}),
      policy("mlops", { podSelector: { matchLabels: { app: "main" } }, policyTypes: ["Egress"] }),
      policy("mlops", { podSelector: { matchExpressions: [{ key: "app", operator: "In", values: ["main"] }] } }),
    ],
    violations: [],
  },
  {
    rule: "workload-has-network-policy",
    title: "policies of other pods and of another namespace",
    resources: [
      deployment({}),
      object("Namespace", { metadata: { name: "mlops" } }),
      policy("mlops", { podSelector: { matchLabels: { app: "other" } }, policyTypes: both }),
      policy("other", { podSelector: {}, policyTypes: both }),
    ],
    violations: [...noPolicy(place), ...noPolicy("Namespace/mlops")].toSorted(),
  },
  {
    rule: "workload-has-network-policy",
    title: "namespaces that the configuration leaves to the site's own rules",
    settings: { networkPolicies: false },
    resources: [deployment({}), object("Namespace", { metadata: { name: "mlops" } })],
    violations: [],
  },
  { rule: "single-replica-has-reason", title: "two replicas", resources: [deployment({})], violations: [] },
  {
    rule: "single-replica-has-reason",
    title: "a workload that the exceptions name",
    resources: [object("StatefulSet", { metadata: { name: "postgres" }, spec: { replicas: 1 } })],
    violations: [],
  },
  {
    rule: "single-replica-has-reason",
    title: "one replica, and none said",
    resources: [object("StatefulSet", { spec: { replicas: 1 } }), object("Deployment", { spec: {} })],
    violations: [
      "mlops/StatefulSet/main has one replica without a reason",
      "mlops/Deployment/main has one replica without a reason",
    ],
  },
];
