import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { ObjectStorage } from "../components/cluster/cluster.ts";
import { createImages } from "../components/images.ts";
import { Minio } from "../components/minio.ts";
import { type Recording, record } from "../preview/recorder.ts";
import { at, fields, registration, showing, typesAndNames } from "./registrations.ts";

const selector = { "app.kubernetes.io/name": "minio", "app.kubernetes.io/part-of": "mlops" };
const labels = { ...selector, "app.kubernetes.io/component": "minio", "app.kubernetes.io/managed-by": "pulumi" };
const jobType = "kubernetes:batch/v1:Job";
const clients = [
  { name: "airflow", prefix: "airflow/logs", serviceAccounts: [{ namespace: "mlops", name: "airflow-worker" }] },
  { name: "ml", prefix: "projects/ml", serviceAccounts: [{ namespace: "ml", name: "ml" }] },
];

interface Deployment {
  clients?: typeof clients;
  generation?: number;
  adminGeneration?: number;
  storageClass?: string;
}

function deploy({ generation = 1, adminGeneration = 1, storageClass, ...chosen }: Deployment = {}): Promise<Recording> {
  const images = createImages("localhost/mlops", "0.1.0", "");
  const common = { namespace: "mlops", storageClass, storageGiB: 20, clients, images };
  const args = { ...common, generation, adminGeneration, ...chosen };
  return record(() => {
    const minio = new Minio("minio", args);
    const { access, ready }: ObjectStorage = minio;
    const { bucket, adminUser, adminPassword } = minio;
    return { access, bucket, adminUser, adminPassword, ready: pulumi.all(ready.map(({ urn }) => urn)) };
  });
}

describe("Minio", () => {
  let recording: Recording;
  before(async () => {
    recording = await deploy({ storageClass: "standard" });
  });
  const inputs = (type: string, name: string) => registration(recording.resources, type, name).inputs;
  const statefulSet = () => inputs("kubernetes:apps/v1:StatefulSet", "minio");
  const pod = () => at(statefulSet(), "spec.template.spec");
  const job = () => inputs(jobType, "minio-provision");

  it("makes these children and no other", () => {
    assert.deepEqual(typesAndNames(recording.resources), [
      "kubernetes:apps/v1:StatefulSet minio",
      "kubernetes:batch/v1:Job minio-provision",
      "kubernetes:core/v1:ConfigMap minio-spec",
      "kubernetes:core/v1:PersistentVolumeClaim minio-data",
      "kubernetes:core/v1:Secret minio-root",
      "kubernetes:core/v1:Secret minio-users",
      "kubernetes:core/v1:Service minio",
      "mlops:minio:Minio minio",
      "random:index/randomPassword:RandomPassword minio-root",
      "random:index/randomPassword:RandomPassword minio-user-airflow",
      "random:index/randomPassword:RandomPassword minio-user-ml",
    ]);
  });

  it("serves S3 and the console, inside the cluster alone", () => {
    assert.deepEqual(inputs("kubernetes:core/v1:Service", "minio"), {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "minio", namespace: "mlops", labels, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: {
        selector,
        ports: [
          { name: "s3", port: 9000, targetPort: "s3" },
          { name: "console", port: 9001, targetPort: "console" },
        ],
      },
    });
  });

  it("runs one pod as the image's user, which a new password of the root user restarts", () => {
    const { template, ...spec } = fields(statefulSet().spec);
    assert.deepEqual(spec, {
      serviceName: "minio",
      replicas: 1,
      selector: { matchLabels: selector },
      updateStrategy: { type: "RollingUpdate" },
    });
    assert.deepEqual(at(template, "metadata"), { labels, annotations: { "mlops/secrets-generation": "1" } });
    const { containers, ...rest } = fields(pod());
    assert.equal(at(containers, "length"), 1);
    assert.deepEqual(rest, {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 60,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        fsGroup: 1000,
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      },
      volumes: [
        { name: "data", persistentVolumeClaim: { claimName: "minio-data" } },
        { name: "root", secret: { secretName: "minio-root", defaultMode: 0o440 } },
        { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
      ],
    });
  });

  it("keeps its data in a subdirectory of the mount, with the root user from files", () => {
    const health = (kind: string) => ({ path: `/minio/health/${kind}`, port: "s3" });
    assert.deepEqual(at(pod(), "containers.0"), {
      name: "minio",
      image: "localhost/mlops/minio:0.1.0",
      imagePullPolicy: "IfNotPresent",
      args: ["server", "/data/minio", "--address", ":9000", "--console-address", ":9001"],
      env: [
        { name: "MINIO_ROOT_USER_FILE", value: "/etc/minio-root/user" },
        { name: "MINIO_ROOT_PASSWORD_FILE", value: "/etc/minio-root/password" },
        { name: "MINIO_PROMETHEUS_AUTH_TYPE", value: "public" },
        { name: "MINIO_BROWSER_REDIRECT", value: "off" },
        { name: "HOME", value: "/tmp" },
        { name: "GOGC", value: "50" },
        { name: "GOMEMLIMIT", value: "900MiB" },
      ],
      ports: [
        { name: "s3", containerPort: 9000 },
        { name: "console", containerPort: 9001 },
      ],
      startupProbe: { httpGet: health("live"), periodSeconds: 3, failureThreshold: 100 },
      readinessProbe: { httpGet: health("ready"), periodSeconds: 10, timeoutSeconds: 5 },
      livenessProbe: { httpGet: health("live"), periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
      resources: { requests: { cpu: "50m", memory: "256Mi" }, limits: { cpu: "2", memory: "1Gi" } },
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      },
      volumeMounts: [
        { name: "data", mountPath: "/data" },
        { name: "root", mountPath: "/etc/minio-root", readOnly: true },
        { name: "tmp", mountPath: "/tmp" },
      ],
    });
  });

  it("owns its claim, of the cluster's default class where none is given", async () => {
    const claimType = "kubernetes:core/v1:PersistentVolumeClaim";
    const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "20Gi" } } };
    assert.deepEqual(inputs(claimType, "minio-data"), {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "minio-data", namespace: "mlops", labels, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { ...spec, storageClassName: "standard" },
    });
    const { resources } = await deploy();
    assert.deepEqual(registration(resources, claimType, "minio-data").inputs.spec, spec);
    assert.equal(at(statefulSet(), "spec.volumeClaimTemplates"), undefined);
  });

  it("gives each client a user, and that user its own prefix", () => {
    const { data } = inputs("kubernetes:core/v1:ConfigMap", "minio-spec");
    const { "spec.json": spec, ...rest } = fields(data);
    const user = (name: string, prefix: string) => ({
      name,
      secretKeyFile: `/etc/provision/users/${name}`,
      access: [{ bucket: "mlops", prefix, mode: "readWrite" }],
    });
    assert.deepEqual(JSON.parse(String(spec)), {
      endpoint: "http://minio.mlops.svc:9000",
      accessKeyFile: "/etc/provision/root/user",
      secretKeyFile: "/etc/provision/root/password",
      buckets: [{ name: "mlops", versioned: false, expireDays: null }],
      users: [user("mlops-airflow_g1", "airflow/logs"), user("mlops-ml_g1", "projects/ml")],
    });
    assert.deepEqual(rest, {});
  });

  it("tells each client how it reaches its prefix, the key being secret", () => {
    const keyType = "random:index/randomPassword:RandomPassword";
    const { access, bucket, adminUser, adminPassword } = recording.outputs;
    const keys = fields(inputs("kubernetes:core/v1:Secret", "minio-users").stringData);
    const reach = (user: string, uri: string) => ({
      uri,
      environment: { AWS_ENDPOINT_URL_S3: "http://minio.mlops.svc:9000", AWS_REGION: "us-east-1" },
      secretEnvironment: { AWS_ACCESS_KEY_ID: user, AWS_SECRET_ACCESS_KEY: keys[user] },
      accountAnnotations: {},
    });
    assert.deepEqual(access, {
      airflow: reach("mlops-airflow_g1", "s3://mlops/airflow/logs"),
      ml: reach("mlops-ml_g1", "s3://mlops/projects/ml"),
    });
    assert.deepEqual(Object.keys(keys), ["mlops-airflow_g1", "mlops-ml_g1"]);
    assert.notEqual(keys["mlops-airflow_g1"], keys["mlops-ml_g1"]);
    assert.deepEqual({ bucket, adminUser }, { bucket: "mlops", adminUser: "admin" });
    assert.deepEqual(inputs("kubernetes:core/v1:Secret", "minio-root").stringData, {
      user: "admin",
      password: adminPassword,
    });
    assert.deepEqual([...recording.secretOutputPaths].sort(), [
      "access.airflow.secretEnvironment.AWS_ACCESS_KEY_ID",
      "access.airflow.secretEnvironment.AWS_SECRET_ACCESS_KEY",
      "access.ml.secretEnvironment.AWS_ACCESS_KEY_ID",
      "access.ml.secretEnvironment.AWS_SECRET_ACCESS_KEY",
      "adminPassword",
    ]);
    for (const name of ["minio-root", "minio-user-airflow", "minio-user-ml"]) {
      assert.deepEqual(inputs(keyType, name), { length: 32, special: false, keepers: { generation: "1" } });
    }
  });

  it("makes bucket and users by a Job that waits for the server, and others wait for the Job", () => {
    const { urn, dependencies, deleteBeforeReplace } = registration(recording.resources, jobType, "minio-provision");
    for (const needed of ["StatefulSet::minio", "core/v1:Service::minio"]) {
      assert.ok(
        dependencies.some((dependency) => dependency.endsWith(needed)),
        `${needed}: ${dependencies.join()}`,
      );
    }
    assert.equal(deleteBeforeReplace, true);
    assert.deepEqual(recording.outputs.ready, [urn]);
    const { labels: jobLabels } = fields(at(job(), "spec.template.metadata"));
    assert.equal(fields(jobLabels)["app.kubernetes.io/name"], "minio-provision");
    const { image, args, env } = fields(at(job(), "spec.template.spec.containers.0"));
    assert.equal(image, "localhost/mlops/provision:0.1.0");
    assert.deepEqual(args, ["minio", "--spec", "/etc/provision/spec/spec.json"]);
    assert.deepEqual(env, []);
    assert.deepEqual(at(job(), "spec.template.spec.volumes"), [
      { name: "spec", configMap: { name: "minio-spec" } },
      { name: "root", secret: { secretName: "minio-root", defaultMode: 0o440 } },
      { name: "users", secret: { secretName: "minio-users", defaultMode: 0o440 } },
      { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
    ]);
  });

  it("runs the Job again for another client or a new generation, and for nothing else", async () => {
    const annotations = async (deployment: Deployment) => {
      const { resources } = await deploy(deployment);
      return at(registration(resources, jobType, "minio-provision").inputs, "spec.template.metadata.annotations");
    };
    const before = at(job(), "spec.template.metadata.annotations");
    assert.deepEqual(await annotations({}), before);
    assert.notDeepEqual(await annotations({ clients: clients.slice(1) }), before);
    assert.notDeepEqual(await annotations({ generation: 2 }), before);
    assert.notDeepEqual(await annotations({ adminGeneration: 2 }), before);
  });

  it("gives another generation users of its own and leaves the server alone", async () => {
    const { resources } = await deploy({ generation: 2, storageClass: "standard" });
    const { stringData } = registration(resources, "kubernetes:core/v1:Secret", "minio-users").inputs;
    assert.deepEqual(Object.keys(fields(stringData)), ["mlops-airflow_g2", "mlops-ml_g2"]);
    const next = registration(resources, "kubernetes:apps/v1:StatefulSet", "minio").inputs;
    assert.deepEqual(next, statefulSet());
    const root = registration(resources, "random:index/randomPassword:RandomPassword", "minio-root");
    assert.deepEqual(root.inputs.keepers, { generation: "1" });
  });

  it("shows no key outside of the Secrets", () => {
    const { adminPassword } = recording.outputs;
    const keys = Object.values(fields(inputs("kubernetes:core/v1:Secret", "minio-users").stringData));
    for (const key of [...keys, adminPassword]) assert.deepEqual(showing(recording.resources, String(key)), []);
  });
});
