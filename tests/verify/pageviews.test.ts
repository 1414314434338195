import assert from "node:assert/strict";
import { inventoryIn, remains, verdict } from "../../scripts/verify/pageviews.ts";
import { projectPod } from "../../scripts/verify/project-pod.ts";

const full = {
  daily_views: 420,
  predictions: 7,
  snapshots: 1,
  model: "verify-pageviews",
  versions: 1,
  champion: 1,
  runs: 1,
};
const empty = { ...full, daily_views: 0, predictions: 0, snapshots: 0, versions: 0, champion: null, runs: 0 };

describe("verify: the pageviews pipeline", () => {
  it("is fine with a registered model and stored predictions", () => {
    assert.deepEqual(verdict(full, 1, 200), {
      state: "ok",
      seen: "420 days of views, version 1 of verify-pageviews registered, 7 predictions, 200 s",
    });
  });

  it("fails without a champion, with another one in the registry, and without predictions", () => {
    assert.throws(() => verdict({ ...full, champion: null }, 1, 200), /verify-pageviews has no champion/);
    assert.throws(
      () => verdict(full, undefined, 200),
      /names version none of verify-pageviews the champion, the project 1/,
    );
    assert.throws(() => verdict({ ...full, predictions: 0 }, 1, 200), /Postgres has no predictions/);
  });

  it("tells what a removal has left", () => {
    assert.equal(remains(empty), undefined);
    assert.equal(remains({ ...empty, snapshots: 1, runs: 2 }), "1 snapshots, 2 runs");
  });

  it("reads the inventory at the end of a pod's output, and names an image that prints none", () => {
    assert.deepEqual(inventoryIn(`a warning\n${JSON.stringify(full)}\n`), full);
    assert.throws(() => inventoryIn("usage: pageviews"), /printed "usage: pageviews" instead of JSON/);
  });
});

describe("verify: a pod of a project", () => {
  const place = {
    namespace: "verify",
    serviceAccount: "verify",
    configMap: "verify",
    secret: "verify",
    resources: { requests: { cpu: "100m" }, limits: { cpu: "1" } },
    volumes: [
      { name: "postgres-ca", configMap: "postgres-ca", mountPath: "/etc/postgres-ca", readOnly: true },
      { name: "data", claim: "data", mountPath: "/data", readOnly: false },
    ],
  };
  const platform = {
    images: { pageviews: "localhost/mlops/pageviews:0.1.0" },
    imagePullPolicy: "IfNotPresent",
    projects: { verify: place },
  };

  it("has the settings, the identity and the volumes of its tasks, and no secret of its own", () => {
    const pod = projectPod(platform, "verify", "pageviews", "verify-clean-1", ["clean"]);
    assert.deepEqual(JSON.parse(JSON.stringify(pod)), {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: "verify-clean-1",
        namespace: "verify",
        labels: { "app.kubernetes.io/name": "pageviews", "app.kubernetes.io/component": "verify" },
      },
      spec: {
        restartPolicy: "Never",
        activeDeadlineSeconds: 300,
        serviceAccountName: "verify",
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 10001,
          runAsGroup: 10001,
          fsGroup: 10001,
          fsGroupChangePolicy: "OnRootMismatch",
          seccompProfile: { type: "RuntimeDefault" },
        },
        containers: [
          {
            name: "base",
            image: "localhost/mlops/pageviews:0.1.0",
            imagePullPolicy: "IfNotPresent",
            args: ["clean"],
            envFrom: [
              { configMapRef: { name: "verify", optional: true } },
              { secretRef: { name: "verify", optional: true } },
            ],
            resources: { requests: { cpu: "100m" }, limits: { cpu: "1" } },
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ["ALL"] },
              readOnlyRootFilesystem: true,
              runAsNonRoot: true,
              seccompProfile: { type: "RuntimeDefault" },
            },
            volumeMounts: [
              { name: "postgres-ca", mountPath: "/etc/postgres-ca", readOnly: true },
              { name: "data", mountPath: "/data", readOnly: false },
              { name: "tmp", mountPath: "/tmp" },
            ],
          },
        ],
        volumes: [
          { name: "postgres-ca", configMap: { name: "postgres-ca" } },
          { name: "data", persistentVolumeClaim: { claimName: "data", readOnly: false } },
          { name: "tmp", emptyDir: { sizeLimit: "1Gi" } },
        ],
      },
    });
  });
});
