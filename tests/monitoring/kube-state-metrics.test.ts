import assert from "node:assert/strict";
import { createImages } from "../../components/images.ts";
import { KubeStateMetrics } from "../../components/monitoring/kube-state-metrics.ts";
import { restrictedPodSpec } from "../../components/objects/restricted.ts";
import { record } from "../../preview/recorder/recorder.ts";
import type { Recording } from "../../lib/recording.ts";
import { fields, registration, typesAndNames } from "../program/registrations.ts";
import { at } from "../../lib/json.ts";

const name = "kube-state-metrics";
const selector = { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "mlops" };
const labels = { ...selector, "app.kubernetes.io/component": name, "app.kubernetes.io/managed-by": "pulumi" };
const images = createImages("localhost/mlops", "0.1.0");
const rbac = "kubernetes:rbac.authorization.k8s.io/v1";

describe("KubeStateMetrics", () => {
  let recording: Recording;
  before(async () => {
    const args = {
      namespace: "mlops",
      projects: ["alpha", "beta"].map((project) => ({ name: project, namespace: project })),
      images,
    };
    recording = await record(() => {
      new KubeStateMetrics(name, args);
    });
  });
  const inputs = (type: string, name: string) => registration(recording.resources, type, name).inputs;
  const pod = () => fields(at(inputs("kubernetes:apps/v1:Deployment", name), "spec.template.spec"));

  it("makes a role in each namespace, and nothing for the whole cluster", () => {
    assert.deepEqual(typesAndNames(recording.resources), [
      "kubernetes:apps/v1:Deployment kube-state-metrics",
      "kubernetes:core/v1:Service kube-state-metrics",
      "kubernetes:core/v1:ServiceAccount kube-state-metrics",
      `${rbac}:Role kube-state-metrics`,
      `${rbac}:Role kube-state-metrics-alpha`,
      `${rbac}:Role kube-state-metrics-beta`,
      `${rbac}:RoleBinding kube-state-metrics`,
      `${rbac}:RoleBinding kube-state-metrics-alpha`,
      `${rbac}:RoleBinding kube-state-metrics-beta`,
      "mlops:kube-state-metrics:KubeStateMetrics kube-state-metrics",
    ]);
  });

  it("may list and watch what it shows, and read nothing else", () => {
    const verbs = ["list", "watch"];
    const rules = [
      { apiGroups: [""], resources: ["persistentvolumeclaims", "pods", "resourcequotas"], verbs },
      { apiGroups: ["apps"], resources: ["deployments", "statefulsets"], verbs },
      { apiGroups: ["batch"], resources: ["cronjobs", "jobs"], verbs },
    ];
    for (const [resource, namespace] of [
      [name, "mlops"],
      [`${name}-alpha`, "alpha"],
      [`${name}-beta`, "beta"],
    ] as const) {
      const role = inputs(`${rbac}:Role`, resource);
      assert.deepEqual([role.metadata, role.rules], [{ name, namespace, labels }, rules]);
      const binding = inputs(`${rbac}:RoleBinding`, resource);
      assert.deepEqual(
        [binding.metadata, binding.roleRef, binding.subjects],
        [
          { name, namespace, labels },
          { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
          [{ kind: "ServiceAccount", name, namespace: "mlops" }],
        ],
      );
    }
  });

  it("watches these namespaces and these kinds, with its own token", () => {
    const account = inputs("kubernetes:core/v1:ServiceAccount", name);
    assert.equal(account.automountServiceAccountToken, false);
    const { containers, ...rest } = pod();
    assert.deepEqual(
      { ...rest, containers: [] },
      restrictedPodSpec(65534, {
        containers: [],
        serviceAccountName: name,
        automountServiceAccountToken: true,
      }),
    );
    assert.deepEqual(at(containers, "0.args"), [
      "--namespaces=mlops,alpha,beta",
      "--resources=cronjobs,deployments,jobs,persistentvolumeclaims,pods,resourcequotas,statefulsets",
      "--port=8080",
      "--telemetry-port=8081",
    ]);
    assert.equal(at(containers, "0.image"), images.public("kubeStateMetrics"));
    assert.equal(at(containers, "1"), undefined);
  });

  it("is not restarted because the API server is away", () => {
    const { livenessProbe, readinessProbe } = fields(at(pod(), "containers.0"));
    assert.deepEqual(at(livenessProbe, "httpGet"), { path: "/healthz", port: "metrics" });
    assert.deepEqual(at(readinessProbe, "httpGet"), { path: "/readyz", port: "telemetry" });
  });
});
