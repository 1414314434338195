import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { dataFiles } from "../../components/objects/data-files.ts";
import { Grafana } from "../../components/monitoring/grafana.ts";
import { createImages } from "../../components/images.ts";
import { record } from "../../preview/recorder/recorder.ts";
import { isSecret } from "../secret-input.ts";
import type { Recording } from "../../lib/recording.ts";
import { fields, registration, showing, typesAndNames } from "../program/registrations.ts";
import { at } from "../../lib/json.ts";

const images = createImages("localhost/mlops", "0.1.0");
const prometheusPassword = "secret-of-prometheus";

function deploy(rootUrl?: string, generation = 1): Promise<Recording> {
  return record(() => {
    const prometheus = {
      url: "http://prometheus.mlops.svc:9090",
      user: "admin",
      password: pulumi.secret(prometheusPassword),
    };
    const args = { namespace: "mlops", images, prometheus, rootUrl, generation };
    const { adminUser, adminPassword } = new Grafana("grafana", args);
    return { adminUser, adminPassword };
  });
}

describe("Grafana", () => {
  let recording: Recording;
  before(async () => {
    recording = await deploy();
  });
  const inputs = (type: string, name: string) => registration(recording.resources, type, name).inputs;
  const configMap = (role: string) => fields(inputs("kubernetes:core/v1:ConfigMap", `grafana-${role}`).data);
  const pod = () => fields(at(inputs("kubernetes:apps/v1:Deployment", "grafana"), "spec.template.spec"));

  it("makes these children and no other", () => {
    assert.deepEqual(typesAndNames(recording.resources), [
      "kubernetes:apps/v1:Deployment grafana",
      "kubernetes:core/v1:ConfigMap grafana-dashboards",
      "kubernetes:core/v1:ConfigMap grafana-datasources",
      "kubernetes:core/v1:ConfigMap grafana-providers",
      "kubernetes:core/v1:Secret grafana",
      "kubernetes:core/v1:Service grafana",
      "mlops:grafana:Grafana grafana",
      "random:index/randomPassword:RandomPassword grafana-admin",
      "random:index/randomPassword:RandomPassword grafana-encryption-key",
    ]);
  });

  it("asks Prometheus with a password from a file", () => {
    assert.deepEqual(parse(String(configMap("datasources")["prometheus.yaml"])), {
      apiVersion: 1,
      datasources: [
        {
          name: "Prometheus",
          uid: "prometheus",
          type: "prometheus",
          access: "proxy",
          url: "http://prometheus.mlops.svc:9090",
          isDefault: true,
          editable: false,
          basicAuth: true,
          basicAuthUser: "admin",
          secureJsonData: { basicAuthPassword: "$__file{/etc/grafana/secrets/prometheus-password}" },
          jsonData: { httpMethod: "POST", timeInterval: "30s" },
        },
      ],
    });
  });

  it("shows every dashboard of dashboards/, from files that the UI does not change", () => {
    assert.deepEqual(configMap("dashboards"), dataFiles("dashboards", ".json"));
    assert.deepEqual(parse(String(configMap("providers")["platform.yaml"])), {
      apiVersion: 1,
      providers: [
        {
          name: "platform",
          folder: "Platform",
          type: "file",
          disableDeletion: true,
          allowUiUpdates: false,
          options: { path: "/etc/grafana/dashboards" },
        },
      ],
    });
    const mounts = at(pod(), "containers.0.volumeMounts");
    assert.deepEqual(mounts, [
      { name: "datasources", mountPath: "/etc/grafana/provisioning/datasources", readOnly: true },
      { name: "providers", mountPath: "/etc/grafana/provisioning/dashboards", readOnly: true },
      { name: "dashboards", mountPath: "/etc/grafana/dashboards", readOnly: true },
      { name: "secrets", mountPath: "/etc/grafana/secrets", readOnly: true },
      { name: "data", mountPath: "/var/lib/grafana" },
      { name: "tmp", mountPath: "/tmp" },
    ]);
  });

  it("fits its dashboards into one ConfigMap", () => {
    const size = Object.values(configMap("dashboards")).reduce<number>((sum, text) => sum + String(text).length, 0);
    assert.ok(size < 900_000, `${size} bytes, and a ConfigMap holds 1 MiB`);
  });

  it("keeps its passwords in a Secret and shows them nowhere else", () => {
    const secret = registration(recording.resources, "kubernetes:core/v1:Secret", "grafana");
    const { adminUser, adminPassword } = recording.outputs;
    const { "encryption-key": key, ...rest } = fields(secret.inputs.stringData);
    assert.deepEqual(rest, { "admin-password": adminPassword, "prometheus-password": prometheusPassword });
    for (const file of ["admin-password", "encryption-key", "prometheus-password"]) {
      assert.ok(isSecret(secret, `stringData.${file}`), file);
    }
    for (const value of [String(adminPassword), String(key), prometheusPassword]) {
      assert.deepEqual(showing(recording.resources, value), []);
    }
    assert.equal(adminUser, "admin");
    assert.ok(recording.secretOutputPaths.includes("adminPassword"));
  });

  it("runs as the image's user with a read-only root filesystem and nothing that lasts", () => {
    assert.equal(at(pod(), "securityContext.runAsUser"), 472);
    assert.equal(at(pod(), "containers.0.securityContext.readOnlyRootFilesystem"), true);
    assert.equal(pod().automountServiceAccountToken, false);
    const volumes = at(pod(), "volumes");
    assert.deepEqual(at(volumes, "4"), { name: "data", emptyDir: { sizeLimit: "512Mi" } });
    assert.equal(JSON.stringify(volumes).includes("persistentVolumeClaim"), false);
  });

  it("restarts with another generation, and not for a changed dashboard", async () => {
    const annotations = ({ resources }: Recording) =>
      fields(
        at(
          registration(resources, "kubernetes:apps/v1:Deployment", "grafana").inputs,
          "spec.template.metadata.annotations",
        ),
      );
    const [first, second] = [annotations(recording), annotations(await deploy(undefined, 2))];
    assert.equal(first["mlops/config-hash"], second["mlops/config-hash"]);
    assert.deepEqual([first["mlops/secrets-generation"], second["mlops/secrets-generation"]], ["1", "2"]);
  });
});
