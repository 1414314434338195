import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { AlertWebhook } from "../../components/monitoring/alert-receiver.ts";
import { parse } from "yaml";
import { dataFiles } from "../../components/objects/data-files.ts";
import { createImages } from "../../components/images.ts";
import { Prometheus } from "../../components/monitoring/prometheus.ts";
import { scrapesOf } from "../../components/monitoring/scrapes.ts";
import { restrictedContainer } from "../../components/objects/restricted.ts";
import { validate } from "../../config.ts";
import type { Recording } from "../../lib/recording.ts";
import { record } from "../../preview/recorder/recorder.ts";
import { isSecret } from "../secret-input.ts";
import { fields, registration, showing, typesAndNames } from "../program/registrations.ts";
import { at } from "../../lib/json.ts";

const images = createImages("localhost/mlops", "0.1.0");
const mlflowPassword = "secret-of-the-mlflow-administrator";
const minioToken = "header.claims.signature";
const rbac = "kubernetes:rbac.authorization.k8s.io/v1";

interface Deployment {
  generation?: number;
  storageClass?: string;
  webhook?: AlertWebhook;
}

function deploy(chosen: () => Deployment = () => ({})): Promise<Recording> {
  return record(() => {
    const mlflow = { username: "admin", password: pulumi.secret(mlflowPassword) };
    const { url, adminUser, adminPassword } = new Prometheus("prometheus", {
      namespace: "mlops",
      projects: [{ name: "alpha", namespace: "alpha" }],
      storageClass: undefined,
      storageGiB: 10,
      retentionDays: 15,
      images,
      scrapes: scrapesOf(validate({ cluster: { kind: "minikube" } }), {
        mlflow,
        minio: { token: pulumi.secret(minioToken) },
      }),
      generation: 1,
      ...chosen(),
    });
    return { url, adminUser, adminPassword };
  });
}

describe("Prometheus", () => {
  let recording: Recording;
  before(async () => {
    recording = await deploy(() => ({ storageClass: "standard" }));
  });
  const inputs = (type: string, name: string) => registration(recording.resources, type, name).inputs;
  const pod = () => fields(at(inputs("kubernetes:apps/v1:StatefulSet", "prometheus"), "spec.template.spec"));
  const text = (map: string, key: string) =>
    String(fields(inputs("kubernetes:core/v1:ConfigMap", `prometheus-${map}`).data)[key]);

  it("makes these children and no other of its own", () => {
    const others = /kube-state-metrics|alertmanager/;
    assert.deepEqual(
      typesAndNames(recording.resources).filter((name) => !others.test(name)),
      [
        "kubernetes:apps/v1:StatefulSet prometheus",
        "kubernetes:core/v1:ConfigMap prometheus-config",
        "kubernetes:core/v1:ConfigMap prometheus-rules",
        "kubernetes:core/v1:PersistentVolumeClaim prometheus-data",
        "kubernetes:core/v1:Secret prometheus-credentials",
        "kubernetes:core/v1:Secret prometheus-web",
        "kubernetes:core/v1:Service prometheus",
        "kubernetes:core/v1:ServiceAccount prometheus",
        `${rbac}:ClusterRole prometheus-nodes`,
        `${rbac}:ClusterRoleBinding prometheus-nodes`,
        "mlops:prometheus:Prometheus prometheus",
        "random:index/randomPassword:RandomPassword prometheus-admin",
      ],
    );
    for (const component of ["mlops:alertmanager:Alertmanager", "mlops:kube-state-metrics:KubeStateMetrics"]) {
      const [child] = recording.resources.filter(({ type }) => type === component);
      assert.match(child?.parent ?? "", /mlops:prometheus:Prometheus::prometheus$/);
    }
  });

  it("finds nodes and reads their metrics, and has no right beside that", () => {
    const { rules, metadata } = inputs(`${rbac}:ClusterRole`, "prometheus-nodes");
    assert.deepEqual(rules, [
      { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
      { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
    ]);
    assert.equal(at(metadata, "name"), "mlops-prometheus-nodes");
    const binding = inputs(`${rbac}:ClusterRoleBinding`, "prometheus-nodes");
    assert.deepEqual(binding.subjects, [{ kind: "ServiceAccount", name: "prometheus", namespace: "mlops" }]);
    assert.equal(at(binding.roleRef, "name"), "mlops-prometheus-nodes");
  });

  it("keeps the hash of the password in web.yml and the password beside what is scraped, all of it secret", () => {
    const web = registration(recording.resources, "kubernetes:core/v1:Secret", "prometheus-web");
    const parsed: unknown = parse(String(fields(web.inputs.stringData)["web.yml"]));
    const { admin: hash, ...otherUsers } = fields(at(parsed, "basic_auth_users"));
    assert.deepEqual(otherUsers, {});
    assert.match(String(hash), /^\$2[aby]\$10\$.{53}$/);
    assert.ok(isSecret(web, "stringData.web.yml"));
    const credentials = registration(recording.resources, "kubernetes:core/v1:Secret", "prometheus-credentials");
    const { adminPassword, url, adminUser } = recording.outputs;
    const ofOthers = { mlflow: mlflowPassword, minio: minioToken, "minio-bucket": minioToken };
    assert.deepEqual(credentials.inputs.stringData, { own: adminPassword, ...ofOthers });
    for (const file of ["own", ...Object.keys(ofOthers)]) assert.ok(isSecret(credentials, `stringData.${file}`), file);
    assert.ok(recording.secretOutputPaths.includes("adminPassword"));
    for (const secret of [String(adminPassword), mlflowPassword, String(hash)]) {
      assert.deepEqual(showing(recording.resources, secret), []);
    }
    assert.deepEqual({ url, adminUser }, { url: "http://prometheus.mlops.svc:9090", adminUser: "admin" });
  });

  it("keeps samples on a claim of its own, in a subdirectory, and not until it is full", () => {
    const container = at(pod(), "containers.0");
    assert.deepEqual(at(container, "args"), [
      "--config.file=/etc/prometheus/config/prometheus.yml",
      "--web.config.file=/etc/prometheus/web/web.yml",
      "--web.listen-address=:9090",
      "--storage.tsdb.path=/prometheus/data",
      "--storage.tsdb.retention.time=15d",
      "--storage.tsdb.retention.size=8192MB",
    ]);
    const { spec } = inputs("kubernetes:core/v1:PersistentVolumeClaim", "prometheus-data");
    assert.deepEqual(spec, {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "10Gi" } },
      storageClassName: "standard",
    });
    assert.deepEqual(at(pod(), "volumes"), [
      { name: "data", persistentVolumeClaim: { claimName: "prometheus-data" } },
      { name: "config", configMap: { name: "prometheus-config" } },
      { name: "rules", configMap: { name: "prometheus-rules" } },
      { name: "web", secret: { secretName: "prometheus-web", defaultMode: 0o440 } },
      { name: "credentials", secret: { secretName: "prometheus-credentials", defaultMode: 0o440 } },
    ]);
  });

  it("runs as nobody with a read-only root filesystem and its own token", () => {
    const { securityContext, serviceAccountName, automountServiceAccountToken } = pod();
    assert.deepEqual([serviceAccountName, automountServiceAccountToken], ["prometheus", true]);
    assert.equal(at(securityContext, "runAsUser"), 65534);
    assert.deepEqual(at(pod(), "containers.0.securityContext"), restrictedContainer);
    assert.equal(inputs("kubernetes:core/v1:ServiceAccount", "prometheus").automountServiceAccountToken, false);
  });

  it("is ready when promtool says so, which reads the password from a file", () => {
    const file = "--http.config.file=/etc/prometheus/config/probe.yml";
    const command = ["promtool", "check", "ready", file, "--url=http://localhost:9090"];
    const container = fields(at(pod(), "containers.0"));
    for (const probe of ["startupProbe", "readinessProbe"]) {
      assert.deepEqual(at(container[probe], "exec"), { command });
    }
    assert.deepEqual(at(container.livenessProbe, "tcpSocket"), { port: "http" });
    assert.deepEqual(parse(text("config", "probe.yml")), {
      basic_auth: { username: "admin", password_file: "/etc/prometheus/credentials/own" },
    });
  });

  it("evaluates every rule of alerts/", () => {
    assert.deepEqual(inputs("kubernetes:core/v1:ConfigMap", "prometheus-rules").data, dataFiles("alerts", ".yaml"));
  });

  it("gives the webhook to Alertmanager and to nobody else", async () => {
    const url = "https://hooks.example.org/a-token";
    const { resources } = await deploy(() => ({ webhook: { kind: "webhook", url: pulumi.secret(url) } }));
    const holders = resources.filter(({ inputs }) => JSON.stringify(inputs).includes(url)).map(({ name }) => name);
    assert.deepEqual(holders, ["alertmanager"]);
    assert.deepEqual(showing(resources, url), []);
  });

  it("draws another password and restarts with another generation", async () => {
    const { resources } = await deploy(() => ({ generation: 2 }));
    const drawn = registration(resources, "random:index/randomPassword:RandomPassword", "prometheus-admin");
    assert.deepEqual(drawn.inputs, { length: 32, special: false, keepers: { generation: "2" } });
    const { template } = fields(registration(resources, "kubernetes:apps/v1:StatefulSet", "prometheus").inputs.spec);
    assert.equal(at(template, "metadata.annotations.mlops/secrets-generation"), "2");
  });
});
