import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { ObjectStorage } from "../../components/cluster/cluster.ts";
import { createImages } from "../../components/images.ts";
import { Minio } from "../../components/minio/minio.ts";
import { metricsToken } from "../../components/minio/minio-metrics.ts";
import { restrictedContainer, restrictedPodSpec } from "../../components/objects/restricted.ts";
import { record } from "../../preview/recorder/recorder.ts";
import type { Recording } from "../../lib/recording.ts";
import { fields, registration, showing, typesAndNames } from "../program/registrations.ts";
import { at } from "../../lib/json.ts";

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
  image?: string;
}

const sign = { id: pulumi.output("0a1b2c3d4e5f6071"), stack: "acme/mlops/staging" };

function deploy({ generation = 1, adminGeneration = 1, storageClass, ...chosen }: Deployment = {}): Promise<Recording> {
  const images = createImages("localhost/mlops", "0.1.0");
  const common = { namespace: "mlops", storageClass, storageGiB: 20, clients, images, sign };
  const args = { ...common, generation, adminGeneration, ...chosen };
  return record(() => {
    const minio = new Minio("minio", args);
    const { access, ready }: ObjectStorage = minio;
    const { bucket, adminUser, adminPassword, metricsToken } = minio;
    return { access, bucket, adminUser, adminPassword, metricsToken, ready: pulumi.all(ready.map(({ urn }) => urn)) };
  });
}

/** Keys of the Secret that the Job reads, for users of a generation. */
function keyFilesOf(generation: string): string[] {
  const users = ["mlops-airflow", "mlops-ml", "mlops_metrics"];
  return users.flatMap((user) => [`${user}${generation}.access-key`, `${user}${generation}.secret-key`]);
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
      "random:index/randomPassword:RandomPassword minio-access-airflow",
      "random:index/randomPassword:RandomPassword minio-access-ml",
      "random:index/randomPassword:RandomPassword minio-metrics",
      "random:index/randomPassword:RandomPassword minio-metrics-access",
      "random:index/randomPassword:RandomPassword minio-root",
      "random:index/randomPassword:RandomPassword minio-root-access",
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

  it("runs one pod, not as root, which a new password of the root user restarts", () => {
    const { template, ...spec } = fields(statefulSet().spec);
    assert.deepEqual(spec, {
      serviceName: "minio",
      replicas: 1,
      selector: { matchLabels: selector },
      updateStrategy: { type: "RollingUpdate" },
    });
    assert.deepEqual(at(template, "metadata"), { labels, annotations: { "mlops/secrets-generation": "1" } });
    const { containers, ...rest } = fields(pod());
    assert.equal(Array.isArray(containers) && containers.length, 1);
    assert.deepEqual(
      { ...rest, containers: [] },
      restrictedPodSpec(1000, {
        containers: [],
        terminationGracePeriodSeconds: 60,
        volumes: [
          { name: "data", persistentVolumeClaim: { claimName: "minio-data" } },
          { name: "root", secret: { secretName: "minio-root", defaultMode: 0o440 } },
          { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
        ],
      }),
    );
  });

  it("keeps its data in a subdirectory of the mount, with the root user from files", () => {
    const health = (kind: string) => ({ path: `/minio/health/${kind}`, port: "s3" });
    assert.deepEqual(at(pod(), "containers.0"), {
      name: "minio",
      image: "docker.io/pgsty/silo:RELEASE.2026-09-16T00-00-00Z-distroless",
      imagePullPolicy: "IfNotPresent",
      args: ["server", "/data/minio", "--address", ":9000", "--console-address", ":9001"],
      env: [
        { name: "MINIO_ROOT_USER_FILE", value: "/etc/minio-root/user" },
        { name: "MINIO_ROOT_PASSWORD_FILE", value: "/etc/minio-root/password" },
        { name: "MINIO_PROMETHEUS_AUTH_TYPE", value: "jwt" },
        { name: "MINIO_UPDATE", value: "off" },
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
      securityContext: restrictedContainer,
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

  it("runs another server where the stack names one", async () => {
    const { resources } = await deploy({ image: "registry.example.org/silo:2" });
    const { inputs: chosen } = registration(resources, "kubernetes:apps/v1:StatefulSet", "minio");
    assert.equal(at(chosen, "spec.template.spec.containers.0.image"), "registry.example.org/silo:2");
  });

  it("signs the bucket, and gives each client and Prometheus a user of its own", () => {
    const { data } = inputs("kubernetes:core/v1:ConfigMap", "minio-spec");
    const { "spec.json": spec, ...rest } = fields(data);
    const user = (name: string) => ({
      name,
      accessKeyFile: `/etc/provision/users/${name}_g1.access-key`,
      secretKeyFile: `/etc/provision/users/${name}_g1.secret-key`,
    });
    const client = (name: string, prefix: string) => ({
      ...user(`mlops-${name}`),
      access: [{ bucket: "mlops", prefix, mode: "readWrite" }],
    });
    assert.deepEqual(JSON.parse(String(spec)), {
      endpoint: "http://minio.mlops.svc:9000",
      accessKeyFile: "/etc/provision/root/user",
      secretKeyFile: "/etc/provision/root/password",
      platform: { id: "0a1b2c3d4e5f6071", stack: "acme/mlops/staging" },
      buckets: [{ name: "mlops", versioned: false, expireDays: null }],
      users: [
        client("airflow", "airflow/logs"),
        client("ml", "projects/ml"),
        { ...user("mlops_metrics"), metrics: true },
      ],
    });
    assert.deepEqual(rest, {});
  });

  it("tells each client how it reaches its prefix, with keys that are random and secret", () => {
    const { access, bucket, adminUser, adminPassword } = recording.outputs;
    const keys = fields(inputs("kubernetes:core/v1:Secret", "minio-users").stringData);
    const reach = (user: string, uri: string) => ({
      uri,
      environment: { AWS_ENDPOINT_URL_S3: "http://minio.mlops.svc:9000", AWS_REGION: "us-east-1" },
      secretEnvironment: {
        AWS_ACCESS_KEY_ID: keys[`${user}_g1.access-key`],
        AWS_SECRET_ACCESS_KEY: keys[`${user}_g1.secret-key`],
      },
      accountAnnotations: {},
    });
    assert.deepEqual(access, {
      airflow: reach("mlops-airflow", "s3://mlops/airflow/logs"),
      ml: reach("mlops-ml", "s3://mlops/projects/ml"),
    });
    assert.deepEqual(Object.keys(keys), keyFilesOf("_g1"));
    assert.equal(bucket, "mlops");
    const root = inputs("kubernetes:core/v1:Secret", "minio-root").stringData;
    assert.deepEqual(root, { user: adminUser, password: adminPassword });
    const drawn = [...Object.values(keys), adminUser, adminPassword];
    assert.equal(new Set(drawn).size, drawn.length);
    assert.deepEqual([...recording.secretOutputPaths].sort(), [
      "access.airflow.secretEnvironment.AWS_ACCESS_KEY_ID",
      "access.airflow.secretEnvironment.AWS_SECRET_ACCESS_KEY",
      "access.ml.secretEnvironment.AWS_ACCESS_KEY_ID",
      "access.ml.secretEnvironment.AWS_SECRET_ACCESS_KEY",
      "adminPassword",
      "adminUser",
      "metricsToken",
    ]);
  });

  it("draws each key, and the secret one under the name that it has had from the start", () => {
    const keyType = "random:index/randomPassword:RandomPassword";
    for (const name of ["minio-root", "minio-user-airflow", "minio-user-ml", "minio-metrics"]) {
      assert.deepEqual(inputs(keyType, name), { length: 32, special: false, keepers: { generation: "1" } });
    }
    for (const name of ["minio-root-access", "minio-access-airflow", "minio-access-ml", "minio-metrics-access"]) {
      assert.deepEqual(inputs(keyType, name), { length: 20, special: false, keepers: { generation: "1" } });
    }
  });

  it("gives Prometheus a token of the user of the metrics", () => {
    const keys = fields(inputs("kubernetes:core/v1:Secret", "minio-users").stringData);
    const [access, secret] = ["access", "secret"].map((half) => String(keys[`mlops_metrics_g1.${half}-key`]));
    assert.equal(recording.outputs.metricsToken, metricsToken(access ?? "", secret ?? ""));
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
    assert.deepEqual(Object.keys(fields(stringData)), keyFilesOf("_g2"));
    const next = registration(resources, "kubernetes:apps/v1:StatefulSet", "minio").inputs;
    assert.deepEqual(next, statefulSet());
    const root = registration(resources, "random:index/randomPassword:RandomPassword", "minio-root");
    assert.deepEqual(root.inputs.keepers, { generation: "1" });
  });

  it("shows no key outside of the Secrets", () => {
    const { adminUser, adminPassword, metricsToken: token } = recording.outputs;
    const keys = Object.values(fields(inputs("kubernetes:core/v1:Secret", "minio-users").stringData));
    for (const key of [...keys, adminUser, adminPassword, token])
      assert.deepEqual(showing(recording.resources, String(key)), []);
  });
});
