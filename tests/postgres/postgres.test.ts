import assert from "node:assert/strict";
import { createHash, createPrivateKey, X509Certificate } from "node:crypto";
import type { PostgresServer } from "../../components/cluster/cluster.ts";
import { createImages } from "../../components/images.ts";
import { Postgres } from "../../components/postgres/postgres.ts";
import { hostBasedAuthentication, setPassword } from "../../components/postgres/postgres-settings.ts";
import { restrictedContainer, restrictedPodSpec } from "../../components/objects/restricted.ts";
import { record } from "../../preview/recorder/recorder.ts";
import type { Recording } from "../../lib/recording.ts";
import { fields, registration, showing, typesAndNames } from "../program/registrations.ts";
import { at } from "../../lib/json.ts";

const labels = {
  "app.kubernetes.io/name": "postgres",
  "app.kubernetes.io/part-of": "mlops",
  "app.kubernetes.io/component": "postgres",
  "app.kubernetes.io/managed-by": "pulumi",
};
const selector = { "app.kubernetes.io/name": "postgres", "app.kubernetes.io/part-of": "mlops" };
const images = createImages("localhost/mlops", "0.1.0");

function deploy(
  args: { storageClass?: string; generation?: number; adminGeneration?: number } = {},
): Promise<Recording> {
  const { storageClass, generation = 1, adminGeneration = 1 } = args;
  const settings = { namespace: "mlops", storageClass, storageGiB: 20, images, generation, adminGeneration };
  return record(() => {
    const postgres = new Postgres("postgres", settings);
    const { ready, ...server }: PostgresServer = postgres.server;
    return { server, ready: ready.length };
  });
}

describe("Postgres", () => {
  let recording: Recording;
  before(async () => {
    recording = await deploy({ storageClass: "standard" });
  });
  const inputs = (type: string, name: string) => registration(recording.resources, type, name).inputs;
  const statefulSet = () => inputs("kubernetes:apps/v1:StatefulSet", "postgres");
  const pod = () => at(statefulSet(), "spec.template.spec");
  const container = () => at(pod(), "containers.0");

  it("makes these children and no other", () => {
    assert.deepEqual(typesAndNames(recording.resources), [
      "kubernetes:apps/v1:StatefulSet postgres",
      "kubernetes:core/v1:ConfigMap postgres-config",
      "kubernetes:core/v1:PersistentVolumeClaim postgres-data",
      "kubernetes:core/v1:Secret postgres-superuser",
      "kubernetes:core/v1:Secret postgres-tls",
      "kubernetes:core/v1:Service postgres",
      "mlops:postgres:Postgres postgres",
      "random:index/randomBytes:RandomBytes postgres-tls-seed",
      "random:index/randomPassword:RandomPassword postgres-superuser-1",
    ]);
  });

  it("owns its claim, whose binding Pulumi does not wait for", () => {
    assert.deepEqual(inputs("kubernetes:core/v1:PersistentVolumeClaim", "postgres-data"), {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: {
        name: "postgres-data",
        namespace: "mlops",
        labels,
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: "20Gi" } },
        storageClassName: "standard",
      },
    });
    assert.equal(at(statefulSet(), "spec.volumeClaimTemplates"), undefined);
  });

  it("leaves the class to the cluster where none is given", async () => {
    const { resources } = await deploy();
    const claim = registration(resources, "kubernetes:core/v1:PersistentVolumeClaim", "postgres-data");
    assert.deepEqual(at(claim.inputs, "spec"), {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "20Gi" } },
    });
  });

  it("is found by its Service's name inside the cluster alone", () => {
    assert.deepEqual(inputs("kubernetes:core/v1:Service", "postgres"), {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "postgres", namespace: "mlops", labels, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { selector, ports: [{ name: "postgres", port: 5432, targetPort: "postgres" }] },
    });
  });

  it("lets in TLS with a password, and the pod's own user", () => {
    const { data } = inputs("kubernetes:core/v1:ConfigMap", "postgres-config");
    const { "pg_hba.conf": rules } = fields(data);
    const lines = String(rules)
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    assert.deepEqual(
      lines.map((line) => line.split(/\s+/).join(" ")),
      ["local all postgres peer", "hostssl all all all scram-sha-256"],
    );
    assert.deepEqual(at(container(), "args"), [
      "postgres",
      ...["-c", "hba_file=/etc/postgres/pg_hba.conf"],
      ...["-c", "ssl=on"],
      ...["-c", "ssl_cert_file=/etc/postgres-tls/tls.crt"],
      ...["-c", "ssl_key_file=/etc/postgres-tls/tls.key"],
      ...["-c", "max_connections=220"],
    ]);
  });

  it("runs one pod, which a new generation or other rules restart", () => {
    const { spec } = statefulSet();
    const { template, ...rest } = fields(spec);
    assert.deepEqual(rest, {
      serviceName: "postgres",
      replicas: 1,
      selector: { matchLabels: selector },
      updateStrategy: { type: "RollingUpdate" },
    });
    assert.deepEqual(at(template, "metadata"), {
      labels,
      annotations: {
        "mlops/secrets-generation": "1",
        "mlops/config-hash": createHash("sha256").update(hostBasedAuthentication).digest("hex"),
      },
    });
  });

  it("runs as the image's user with a read-only root filesystem", () => {
    const { containers, volumes, ...rest } = fields(pod());
    assert.deepEqual(
      { ...rest, containers: [] },
      restrictedPodSpec(999, {
        containers: [],
        terminationGracePeriodSeconds: 120,
      }),
    );
    assert.deepEqual(at(containers, "0.securityContext"), restrictedContainer);
    assert.equal(Array.isArray(containers) && containers.length, 1);
    assert.deepEqual(volumes, [
      { name: "data", persistentVolumeClaim: { claimName: "postgres-data" } },
      { name: "config", configMap: { name: "postgres-config" } },
      { name: "tls", secret: { secretName: "postgres-tls", defaultMode: 0o440 } },
      { name: "superuser", secret: { secretName: "postgres-superuser", defaultMode: 0o440 } },
      { name: "run", emptyDir: { sizeLimit: "16Mi" } },
      { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
      { name: "shared-memory", emptyDir: { medium: "Memory", sizeLimit: "256Mi" } },
    ]);
  });

  it("keeps its data in a subdirectory of the mount, and reads secrets from files", () => {
    const { image, imagePullPolicy, env, volumeMounts, resources, ports } = fields(container());
    assert.equal(image, images.public("postgres"));
    assert.equal(imagePullPolicy, "IfNotPresent");
    assert.deepEqual(env, [
      { name: "PGDATA", value: "/var/lib/postgresql/18/docker" },
      { name: "POSTGRES_PASSWORD_FILE", value: "/etc/postgres-superuser/password" },
      { name: "POSTGRES_INITDB_ARGS", value: "--data-checksums --locale=C.UTF-8" },
    ]);
    assert.deepEqual(volumeMounts, [
      { name: "data", mountPath: "/var/lib/postgresql" },
      { name: "config", mountPath: "/etc/postgres", readOnly: true },
      { name: "tls", mountPath: "/etc/postgres-tls", readOnly: true },
      { name: "superuser", mountPath: "/etc/postgres-superuser", readOnly: true },
      { name: "run", mountPath: "/var/run/postgresql" },
      { name: "tmp", mountPath: "/tmp" },
      { name: "shared-memory", mountPath: "/dev/shm" },
    ]);
    assert.deepEqual(ports, [{ name: "postgres", containerPort: 5432 }]);
    assert.deepEqual(resources, {
      requests: { cpu: "100m", memory: "256Mi" },
      limits: { cpu: "2", memory: "1Gi" },
    });
  });

  it("is ready when it answers over TCP, which it does not while its data folder is made", () => {
    const isReady = { exec: { command: ["pg_isready", "--quiet", "--host=127.0.0.1"] }, timeoutSeconds: 5 };
    assert.deepEqual(at(container(), "readinessProbe"), { ...isReady, periodSeconds: 10 });
    assert.deepEqual(at(container(), "livenessProbe.exec.command"), [
      "sh",
      "-c",
      "pg_isready --quiet --host=127.0.0.1 || test $? -eq 1",
    ]);
    assert.deepEqual(at(container(), "startupProbe"), { ...isReady, periodSeconds: 1, failureThreshold: 60 });
  });

  it("sets the superuser's password at each start, out of the mounted file", () => {
    assert.deepEqual(at(container(), "lifecycle"), { postStart: { exec: { command: ["sh", "-ec", setPassword] } } });
    assert.match(setPassword, /^until pg_isready --quiet --host=127\.0\.0\.1; do/);
    assert.match(setPassword, /`cat \/etc\/postgres-superuser\/password`/);
  });

  it("shows clients the certificate, whose key is in the Secret and matches it", () => {
    const { stringData, type } = inputs("kubernetes:core/v1:Secret", "postgres-tls");
    const { "tls.crt": certificatePem, "tls.key": keyPem } = fields(stringData);
    assert.equal(type, "kubernetes.io/tls");
    const certificate = new X509Certificate(String(certificatePem));
    assert.ok(certificate.checkPrivateKey(createPrivateKey(String(keyPem))));
    const service = ["postgres", "postgres.mlops", "postgres.mlops.svc", "postgres.mlops.svc.cluster.local"];
    for (const name of [...service, "localhost"]) assert.equal(certificate.checkHost(name), name);
    assert.equal(certificate.checkIP("127.0.0.1"), "127.0.0.1");
    assert.equal(at(recording.outputs, "server.caCertificate"), certificatePem);
  });

  it("tells how it is reached, the password and nothing else being secret", () => {
    const { caCertificate, adminPassword, ...rest } = fields(recording.outputs.server);
    assert.deepEqual(rest, { host: "postgres.mlops.svc", port: 5432, adminUser: "postgres" });
    assert.match(String(adminPassword), /^secret-postgres-superuser-/);
    assert.match(String(caCertificate), /^-----BEGIN CERTIFICATE-----\n/);
    assert.deepEqual(recording.secretOutputPaths, ["server.adminPassword"]);
    assert.equal(recording.outputs.ready, 2);
  });

  it("keeps the password and the key out of everything that is not secret", () => {
    const password = String(at(recording.outputs, "server.adminPassword"));
    const { "tls.key": keyPem } = fields(inputs("kubernetes:core/v1:Secret", "postgres-tls").stringData);
    const [, line = ""] = String(keyPem).split("\n");
    assert.equal(line.length, 64);
    for (const secret of [password, line]) assert.deepEqual(showing(recording.resources, secret), []);
    const secret = registration(recording.resources, "kubernetes:core/v1:Secret", "postgres-superuser");
    assert.deepEqual(secret.inputs.stringData, { password });
  });

  it("gets another superuser's password without a restart, and tells the one before", async () => {
    const { resources, outputs, secretOutputPaths } = await deploy({ adminGeneration: 2 });
    const { adminPassword, previousAdminPassword } = fields(outputs.server);
    assert.equal(previousAdminPassword, at(recording.outputs, "server.adminPassword"));
    assert.match(String(adminPassword), /^secret-postgres-superuser-2-/);
    assert.deepEqual(secretOutputPaths, ["server.adminPassword", "server.previousAdminPassword"]);
    const next = registration(resources, "kubernetes:apps/v1:StatefulSet", "postgres").inputs;
    assert.deepEqual(at(next, "spec.template"), at(statefulSet(), "spec.template"));
  });

  it("makes a new certificate and restarts for a higher generation", async () => {
    const { resources } = await deploy({ generation: 2 });
    const seed = registration(resources, "random:index/randomBytes:RandomBytes", "postgres-tls-seed");
    assert.deepEqual(seed.inputs.keepers, { generation: "2" });
    const next = registration(resources, "kubernetes:apps/v1:StatefulSet", "postgres").inputs;
    assert.equal(at(next, "spec.template.metadata.annotations.mlops/secrets-generation"), "2");
  });
});
