import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { createImages } from "../../components/images.ts";
import { Mlflow } from "../../components/mlflow/mlflow.ts";
import { record } from "../../preview/recorder/recorder.ts";
import { isSecret } from "../secret-input.ts";
import type { Recording } from "../../lib/recording.ts";
import { fields, registration, showing, typesAndNames } from "../program/registrations.ts";
import { at } from "../../lib/json.ts";

const images = createImages("localhost/mlops", "0.1.0");
const jobType = "kubernetes:batch/v1:Job";
const selector = { "app.kubernetes.io/name": "mlflow", "app.kubernetes.io/part-of": "mlops" };
const passwords = { runs: "secret-of-runs", accounts: "secret-of-accounts", storage: "secret-of-storage" };

const connection = (database: string, password: string) => ({
  host: "postgres.mlops.svc",
  port: 5432,
  database,
  user: database,
  password: pulumi.secret(password),
  caCertificate: "PEM",
});

interface Deployment {
  allowedHosts?: string[];
  generation?: number;
  adminGeneration?: number;
  credentialGenerations?: Record<string, number>;
}

const minio = () => ({
  uri: "s3://mlops/mlflow/artifacts",
  environment: { AWS_ENDPOINT_URL_S3: "http://minio.mlops.svc:9000", AWS_ACCESS_KEY_ID: "mlflow" },
  secretEnvironment: { AWS_SECRET_ACCESS_KEY: pulumi.secret(passwords.storage) },
  accountAnnotations: {},
});
const bucket = () => ({
  uri: "gs://bucket/mlflow/artifacts",
  environment: {},
  secretEnvironment: {},
  accountAnnotations: { mlflow: { "iam.gke.io/gcp-service-account": "mlflow@project.iam.gserviceaccount.com" } },
});

function deploy(chosen: Deployment = {}, artifacts: typeof minio | typeof bucket = minio): Promise<Recording> {
  return record(() => {
    const mlflow = new Mlflow("mlflow", {
      namespace: "mlops",
      images,
      database: connection("mlflow", passwords.runs),
      authDatabase: connection("mlflow-auth", passwords.accounts),
      artifacts: artifacts(),
      allowedHosts: ["192.168.49.2:30050"],
      users: ["pageviews"],
      generation: 1,
      adminGeneration: 1,
      ...chosen,
    });
    const { trackingUri, adminUser, adminPassword, users, ready } = mlflow;
    return { trackingUri, adminUser, adminPassword, users, ready: pulumi.all(ready.map(({ urn }) => urn)) };
  });
}

describe("Mlflow", () => {
  let recording: Recording;
  before(async () => {
    recording = await deploy();
  });
  const found = (type: string, name: string) => registration(recording.resources, type, name);
  const deployment = ({ resources }: Recording = recording) =>
    registration(resources, "kubernetes:apps/v1:Deployment", "mlflow").inputs;
  const pod = (of?: Recording) => fields(at(deployment(of), "spec.template.spec"));
  const container = (of?: Recording) => fields(at(pod(of), "containers.0"));
  const setup = () => fields(at(found(jobType, "mlflow-setup").inputs, "spec.template.spec"));

  it("makes these children and no other", () => {
    assert.deepEqual(typesAndNames(recording.resources), [
      "kubernetes:apps/v1:Deployment mlflow",
      "kubernetes:batch/v1:Job mlflow-provision",
      "kubernetes:batch/v1:Job mlflow-setup",
      "kubernetes:core/v1:ConfigMap mlflow-ca",
      "kubernetes:core/v1:ConfigMap mlflow-provision",
      "kubernetes:core/v1:Secret mlflow",
      "kubernetes:core/v1:Secret mlflow-provision",
      "kubernetes:core/v1:Service mlflow",
      "kubernetes:core/v1:ServiceAccount mlflow",
      "mlops:mlflow-users:MlflowUsers mlflow-provision",
      "mlops:mlflow:Mlflow mlflow",
      "random:index/randomPassword:RandomPassword mlflow-admin",
      "random:index/randomPassword:RandomPassword mlflow-flask-secret-key",
      "random:index/randomPassword:RandomPassword mlflow-user-pageviews",
    ]);
  });

  it("sets up the databases before the server starts, and the accounts after it", () => {
    const { dependencies } = found("kubernetes:apps/v1:Deployment", "mlflow");
    assert.ok(dependencies.includes(found(jobType, "mlflow-setup").urn));
    const accounts = found("mlops:mlflow-users:MlflowUsers", "mlflow-provision");
    const server = found("kubernetes:apps/v1:Deployment", "mlflow").urn;
    assert.ok(accounts.dependencies.includes(server));
    for (const name of ["mlflow-setup", "mlflow-provision"]) {
      assert.equal(found(jobType, name).deleteBeforeReplace, true);
      // Its pods are not the server's, to which the Service sends requests.
      const labels = fields(at(found(jobType, name).inputs, "spec.template.metadata.labels"));
      assert.equal(labels["app.kubernetes.io/name"], name);
    }
    const { metadata, spec } = found("kubernetes:core/v1:Service", "mlflow").inputs;
    assert.deepEqual(spec, { selector, ports: [{ name: "http", port: 5000, targetPort: "http" }] });
    assert.deepEqual(at(metadata, "annotations"), { "pulumi.com/skipAwait": "true" });
    assert.deepEqual(recording.outputs.ready, [
      found("kubernetes:core/v1:Service", "mlflow").urn,
      server,
      found(jobType, "mlflow-provision").urn,
    ]);
  });

  it("never runs two servers on one schema", () => {
    const { strategy, replicas } = fields(deployment().spec);
    assert.deepEqual([strategy, replicas], [{ type: "Recreate" }, 1]);
  });

  it("serves artifacts, metrics and the names that it has", () => {
    const hosts = [
      "mlflow",
      "mlflow:5000",
      "mlflow.mlops",
      "mlflow.mlops:5000",
      "mlflow.mlops.svc",
      "mlflow.mlops.svc:5000",
      "mlflow.mlops.svc.cluster.local",
      "mlflow.mlops.svc.cluster.local:5000",
      "localhost",
      "localhost:*",
      "127.0.0.1",
      "127.0.0.1:*",
      "192.168.49.2:30050",
    ];
    const { command, args } = container();
    assert.deepEqual(command, ["mlflow"]);
    assert.deepEqual(args, [
      "server",
      "--app-name=platform",
      "--host=0.0.0.0",
      "--port=5000",
      "--workers=1",
      "--serve-artifacts",
      "--artifacts-destination=s3://mlops/mlflow/artifacts",
      "--expose-prometheus=/tmp/metrics",
      `--allowed-hosts=${hosts.join(",")}`,
      "--cors-allowed-origins=http://192.168.49.2:30050,https://192.168.49.2:30050",
    ]);
  });

  it("needs no further origin where the UI is not exposed", async () => {
    const { args } = container(await deploy({ allowedHosts: [] }));
    assert.ok(Array.isArray(args) && !args.some((argument) => String(argument).includes("cors")));
  });

  it("gives server and setup their secrets from one Secret", () => {
    const fromSecret = (name: string, key: string) => ({
      name,
      valueFrom: { secretKeyRef: { name: "mlflow", key } },
    });
    const shared = [
      { name: "HOME", value: "/tmp" },
      { name: "MLFLOW_AUTH_CONFIG_PATH", value: "/etc/mlflow/basic_auth.ini" },
      fromSecret("MLFLOW_BACKEND_STORE_URI", "backend-store-uri"),
      fromSecret("MLFLOW_AUTH_ADMIN_PASSWORD", "admin-password"),
    ];
    assert.deepEqual(at(setup(), "containers.0.command"), ["mlflow-setup"]);
    assert.deepEqual(at(setup(), "containers.0.env"), shared);
    assert.deepEqual(container().env, [
      ...shared,
      { name: "MLFLOW_SERVER_ENABLE_JOB_EXECUTION", value: "false" },
      fromSecret("MLFLOW_FLASK_SERVER_SECRET_KEY", "flask-secret-key"),
      { name: "AWS_ENDPOINT_URL_S3", value: "http://minio.mlops.svc:9000" },
      { name: "AWS_ACCESS_KEY_ID", value: "mlflow" },
      fromSecret("AWS_SECRET_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY"),
    ]);
    const items = [{ key: "basic_auth.ini", path: "basic_auth.ini" }];
    for (const { volumes } of [pod(), setup()]) {
      assert.deepEqual(volumes, [
        { name: "auth", secret: { secretName: "mlflow", defaultMode: 0o440, items } },
        { name: "ca", configMap: { name: "mlflow-ca" } },
        { name: "tmp", emptyDir: { sizeLimit: "8Gi" } },
      ]);
    }
  });

  it("shows no password outside what is secret", () => {
    const secret = found("kubernetes:core/v1:Secret", "mlflow");
    const data = fields(secret.inputs.stringData);
    assert.equal(
      data["backend-store-uri"],
      `postgresql+psycopg2://mlflow:${passwords.runs}@postgres.mlops.svc:5432/mlflow?sslmode=verify-full&sslrootcert=/etc/postgres-ca/ca.crt`,
    );
    assert.match(String(data["basic_auth.ini"]), /^database_uri = postgresql\+psycopg2:\/\/mlflow-auth:secret-of-acc/m);
    for (const key of Object.keys(data)) assert.ok(isSecret(secret, `stringData.${key}`), key);
    const drawn = [recording.outputs.adminPassword, data["flask-secret-key"]].map(String);
    for (const value of [...Object.values(passwords), ...drawn]) {
      assert.deepEqual(showing(recording.resources, value), []);
    }
  });

  it("tells who may log in, and where", () => {
    const { users, adminPassword, trackingUri, adminUser } = recording.outputs;
    const password = at(users, "pageviews.password");
    assert.deepEqual(users, { pageviews: { username: "pageviews", password } });
    assert.notEqual(password, adminPassword);
    assert.deepEqual({ trackingUri, adminUser }, { trackingUri: "http://mlflow.mlops.svc:5000", adminUser: "admin" });
    const accounts = found("kubernetes:core/v1:Secret", "mlflow-provision").inputs.stringData;
    assert.deepEqual(accounts, { pageviews: password, admin: adminPassword });
    const secrets = recording.secretOutputPaths.join(" ");
    assert.match(secrets, /\badminPassword\b.*\busers\b/);
  });

  it("has the cloud's identity in place of a key", async () => {
    const cloud = await deploy({}, bucket);
    const account = registration(cloud.resources, "kubernetes:core/v1:ServiceAccount", "mlflow").inputs;
    assert.deepEqual(at(account.metadata, "annotations"), bucket().accountAnnotations.mlflow);
    assert.equal(account.automountServiceAccountToken, false);
    assert.equal(pod(cloud).serviceAccountName, "mlflow");
    assert.equal(JSON.stringify(container(cloud)).includes("AWS_"), false);
    assert.equal(setup().serviceAccountName, undefined);
  });

  it("runs as the image's user with a read-only root filesystem", () => {
    for (const spec of [pod(), setup()]) {
      assert.equal(at(spec, "securityContext.runAsUser"), 10001);
      assert.equal(at(spec, "containers.0.securityContext.readOnlyRootFilesystem"), true);
      assert.equal(spec.automountServiceAccountToken, false);
      assert.equal(at(spec, "containers.0.image"), "localhost/mlops/mlflow:0.1.0");
    }
  });

  it("waits ten minutes for a start on a busy node", () => {
    const { startupProbe, readinessProbe } = container();
    for (const probe of [startupProbe, readinessProbe]) {
      assert.deepEqual(at(probe, "httpGet"), { path: "/health", port: "http" });
    }
    assert.deepEqual([at(startupProbe, "periodSeconds"), at(startupProbe, "failureThreshold")], [2, 300]);
  });

  it("restarts and sets up again when what it reads at its start changes, and not for a user's password", async () => {
    const annotations = ({ resources }: Recording) =>
      [registration(resources, jobType, "mlflow-setup").inputs, deployment({ ...recording, resources })].map((inputs) =>
        JSON.stringify(at(inputs, "spec.template.metadata.annotations")),
      );
    const others = [{ adminGeneration: 2 }, { credentialGenerations: { database: 2 } }];
    const recordings = [recording];
    for (const other of others) recordings.push(await deploy(other));
    const all = recordings.map(annotations);
    for (const i of [0, 1]) assert.equal(new Set(all.map((both) => both[i])).size, 3);
    assert.deepEqual(annotations(await deploy({ generation: 2 })), all[0]);
  });
});
