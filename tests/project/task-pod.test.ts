import assert from "node:assert/strict";
import { taskVolumes } from "../../components/project/project.ts";
import { taskPodTemplate } from "../../components/project/task-pod.ts";
import { at, listAt } from "../../lib/json.ts";

describe("the pod of a project's tasks", () => {
  const volumes = taskVolumes({ database: true, dataFolder: "/data", dagsFolder: "/dags" });
  const pod = taskPodTemplate({ project: "news", namespace: "staging-news", volumes });

  it("is in the project's namespace, as its service account, without a token of Kubernetes", () => {
    assert.deepEqual(pod.metadata, {
      namespace: "staging-news",
      labels: {
        "app.kubernetes.io/component": "task",
        "app.kubernetes.io/part-of": "news",
        "app.kubernetes.io/managed-by": "airflow",
      },
    });
    assert.equal(at(pod, "spec.serviceAccountName"), "news");
    assert.equal(at(pod, "spec.automountServiceAccountToken"), false);
    assert.equal(at(pod, "spec.restartPolicy"), "Never");
  });

  it("has the project's ConfigMap and Secret as its environment, and nothing of the namespace's Services", () => {
    assert.deepEqual(at(pod, "spec.containers.0.envFrom"), [
      { configMapRef: { name: "news", optional: true } },
      { secretRef: { name: "news", optional: true } },
    ]);
    assert.equal(at(pod, "spec.enableServiceLinks"), false);
  });

  it("passes the restricted level as the image's own user, with a read-only root filesystem", () => {
    assert.deepEqual(at(pod, "spec.securityContext"), {
      runAsNonRoot: true,
      fsGroup: 10001,
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile: { type: "RuntimeDefault" },
    });
    assert.deepEqual(at(pod, "spec.containers.0.securityContext"), {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
  });

  it("mounts an empty /tmp, and the project's volumes after it", () => {
    assert.deepEqual(at(pod, "spec.volumes"), [
      { name: "tmp", emptyDir: { sizeLimit: "1Gi" } },
      { name: "postgres-ca", configMap: { name: "postgres-ca" } },
      { name: "data", persistentVolumeClaim: { claimName: "data", readOnly: false } },
      { name: "dags", persistentVolumeClaim: { claimName: "dags", readOnly: true } },
    ]);
    assert.deepEqual(at(pod, "spec.containers.0.volumeMounts"), [
      { name: "tmp", mountPath: "/tmp" },
      { name: "postgres-ca", mountPath: "/etc/postgres-ca", readOnly: true },
      { name: "data", mountPath: "/data", readOnly: false },
      { name: "dags", mountPath: "/dags", readOnly: true },
    ]);
  });

  it("leaves the image and the arguments of its only container to the task", () => {
    const containers = listAt(pod, "spec.containers");
    assert.deepEqual(
      containers.map((container) => [at(container, "name"), at(container, "image"), at(container, "args")]),
      [["base", undefined, undefined]],
    );
  });
});
