import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { createImages } from "../../components/images.ts";
import { PostgresExporter } from "../../components/postgres/postgres-exporter.ts";
import { restrictedPodSpec } from "../../components/objects/restricted.ts";
import { record } from "../../preview/recorder/recorder.ts";
import type { Recording } from "../../lib/recording.ts";
import { registration, showing, typesAndNames } from "../program/registrations.ts";
import { at } from "../../lib/json.ts";

const name = "postgres-exporter";
const selector = { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "mlops" };
const labels = { ...selector, "app.kubernetes.io/component": name, "app.kubernetes.io/managed-by": "pulumi" };
const images = createImages("localhost/mlops", "0.1.0");
const password = "secret-of-the-exporter";

function deploy(generation = 1): Promise<Recording> {
  const connection = {
    ...{ host: "postgres.mlops.svc", port: 5432, database: "postgres", user: "exporter", caCertificate: "PEM" },
  };
  return record(() => {
    const connect = { ...connection, password: pulumi.secret(password) };
    new PostgresExporter(name, { namespace: "mlops", connection: connect, images, generation });
  });
}

describe("PostgresExporter", () => {
  let recording: Recording;
  before(async () => {
    recording = await deploy();
  });
  const inputs = (type: string, name: string) => registration(recording.resources, type, name).inputs;
  const deployment = () => inputs("kubernetes:apps/v1:Deployment", name);

  it("makes these children and no other", () => {
    assert.deepEqual(typesAndNames(recording.resources), [
      "kubernetes:apps/v1:Deployment postgres-exporter",
      "kubernetes:core/v1:ConfigMap postgres-exporter-ca",
      "kubernetes:core/v1:Secret postgres-exporter",
      "kubernetes:core/v1:Service postgres-exporter",
      "mlops:postgres-exporter:PostgresExporter postgres-exporter",
    ]);
  });

  it("reads the password from a file and verifies the server", () => {
    const pod = at(deployment(), "spec.template.spec");
    assert.deepEqual(
      pod,
      restrictedPodSpec(65534, {
        containers: [
          {
            name,
            image: images.public("postgresExporter"),
            env: [
              {
                name: "DATA_SOURCE_URI",
                value: "postgres.mlops.svc:5432/postgres?sslmode=verify-full&sslrootcert=/etc/postgres-ca/ca.crt",
              },
              { name: "DATA_SOURCE_USER", value: "exporter" },
              { name: "DATA_SOURCE_PASS_FILE", value: "/etc/postgres-exporter/password" },
            ],
            ports: [{ name: "metrics", containerPort: 9187 }],
            readinessProbe: { httpGet: { path: "/", port: "metrics" }, periodSeconds: 10, timeoutSeconds: 5 },
            livenessProbe: { httpGet: { path: "/", port: "metrics" }, periodSeconds: 30, timeoutSeconds: 10 },
            resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "1", memory: "64Mi" } },
            volumeMounts: [
              { name: "password", mountPath: "/etc/postgres-exporter", readOnly: true },
              { name: "ca", mountPath: "/etc/postgres-ca", readOnly: true },
            ],
          },
        ],
        volumes: [
          { name: "password", secret: { secretName: name, defaultMode: 0o440 } },
          { name: "ca", configMap: { name: "postgres-exporter-ca" } },
        ],
      }),
    );
    assert.deepEqual(inputs("kubernetes:core/v1:Secret", name).stringData, { password });
    assert.deepEqual(inputs("kubernetes:core/v1:ConfigMap", "postgres-exporter-ca").data, { "ca.crt": "PEM" });
  });

  it("is scraped through its Service", () => {
    assert.deepEqual(inputs("kubernetes:core/v1:Service", name), {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace: "mlops", labels, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { selector, ports: [{ name: "metrics", port: 9187, targetPort: "metrics" }] },
    });
    assert.deepEqual(at(deployment(), "spec.selector"), { matchLabels: selector });
    assert.deepEqual(at(deployment(), "spec.template.metadata.labels"), labels);
  });

  it("restarts for a new generation", async () => {
    const { resources } = await deploy(2);
    const next = registration(resources, "kubernetes:apps/v1:Deployment", name).inputs;
    const annotation = "spec.template.metadata.annotations.mlops/secrets-generation";
    assert.equal(at(deployment(), annotation), "1");
    assert.equal(at(next, annotation), "2");
  });

  it("shows the password nowhere but in the Secret", () => {
    assert.deepEqual(showing(recording.resources, password), []);
  });
});
