import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Project, taskVolumes } from "../../components/project/project.ts";
import { validate } from "../../config.ts";
import { record } from "../../preview/recorder/recorder.ts";
import { fields, registration, typesAndNames } from "../program/registrations.ts";
import { at } from "../../lib/json.ts";

const config = validate({
  cluster: { kind: "minikube" },
  projects: [
    { name: "alpha", config: { LOG_LEVEL: "debug", DATA_URI: "s3://mine" } },
    { name: "bare", database: false },
  ],
  secrets: { projects: { alpha: { API_TOKEN: "token-of-alpha" } } },
});

const sign = { id: pulumi.output("0123456789abcdef"), stack: "organization/mlops/test" };

const storage = {
  uri: "s3://mlops/projects/alpha",
  environment: { AWS_REGION: "us-east-1" },
  secretEnvironment: { AWS_SECRET_ACCESS_KEY: pulumi.secret("key-of-alpha") },
  accountAnnotations: { alpha: { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/alpha" } },
};

interface Options {
  dataFolder?: string;
  dagsFolder?: string;
  createNamespace?: boolean;
}

function recordProject(index: number, options: Options = {}, prefix = "") {
  const project = config.projects[index];
  assert.ok(project);
  const database = {
    host: "postgres.mlops.svc",
    port: 5432,
    database: project.name,
    user: project.name,
    password: pulumi.secret("password-of-alpha"),
    caCertificate: "PEM",
  };
  const args = {
    project,
    sign,
    networkPolicies: true,
    namespace: `${prefix}${project.name}`,
    storage,
    database: project.database ? database : undefined,
    mlflow: {
      trackingUri: "http://mlflow.mlops.svc:5000",
      username: project.name,
      password: pulumi.secret("mlflow-of-alpha"),
    },
    secrets: config.secrets,
    createNamespace: options.createNamespace ?? true,
    dataFolder: options.dataFolder,
    dagsFolder: options.dagsFolder,
  };
  return record(() => {
    new Project(project.name, args);
  });
}

describe("Project", () => {
  it("puts the platform's and its own entries into the ConfigMap and the Secret of its name; its own win", async () => {
    const { resources } = await recordProject(0);
    const { inputs } = registration(resources, "kubernetes:core/v1:ConfigMap", "alpha");
    assert.deepEqual(inputs.data, {
      DATA_URI: "s3://mine",
      AWS_REGION: "us-east-1",
      MLFLOW_TRACKING_URI: "http://mlflow.mlops.svc:5000",
      MLFLOW_TRACKING_USERNAME: "alpha",
      MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD: "false",
      MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD: "false",
      PGHOST: "postgres.mlops.svc",
      PGPORT: "5432",
      PGDATABASE: "alpha",
      PGSSLMODE: "verify-full",
      PGSSLROOTCERT: "/etc/postgres-ca/ca.crt",
      LOG_LEVEL: "debug",
    });
    const secret = registration(resources, "kubernetes:core/v1:Secret", "alpha");
    assert.deepEqual(secret.inputs.stringData, {
      AWS_SECRET_ACCESS_KEY: "key-of-alpha",
      MLFLOW_TRACKING_PASSWORD: "mlflow-of-alpha",
      PGUSER: "alpha",
      PGPASSWORD: "password-of-alpha",
      API_TOKEN: "token-of-alpha",
    });
    assert.deepEqual(secret.secretPaths, ["stringData"]);
  });

  it("marks its namespace as the platform's", async () => {
    const { resources } = await recordProject(0);
    const { metadata } = registration(resources, "kubernetes:core/v1:Namespace", "alpha").inputs;
    assert.equal(at(metadata, "labels.mlops/platform"), "0123456789abcdef");
  });

  it("gives the service account its identity, and no token of the API", async () => {
    const { resources } = await recordProject(0);
    const { inputs } = registration(resources, "kubernetes:core/v1:ServiceAccount", "alpha");
    assert.deepEqual(fields(inputs.metadata).annotations, storage.accountAnnotations.alpha);
    assert.equal(inputs.automountServiceAccountToken, false);
  });

  it("has no volume and no certificate of a database that it does not have", async () => {
    const { resources } = await recordProject(1);
    assert.deepEqual(typesAndNames(resources), [
      "kubernetes:core/v1:ConfigMap bare",
      "kubernetes:core/v1:Namespace bare",
      "kubernetes:core/v1:ResourceQuota bare",
      "kubernetes:core/v1:Secret bare",
      "kubernetes:core/v1:ServiceAccount bare",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy bare-default-deny",
      "mlops:namespace:RestrictedNamespace bare",
      "mlops:project:Project bare",
    ]);
  });

  it("keeps its data in a folder of the node where the cluster has one", async () => {
    const { resources } = await recordProject(1, { dataFolder: "/data", dagsFolder: "/dags" });
    const data = registration(resources, "kubernetes:core/v1:PersistentVolume", "bare-data");
    const dags = registration(resources, "kubernetes:core/v1:PersistentVolume", "bare-dags");
    assert.deepEqual(fields(fields(data.inputs.spec).hostPath), { path: "/data/bare", type: "DirectoryOrCreate" });
    assert.deepEqual(fields(data.inputs.spec).accessModes, ["ReadWriteMany"]);
    assert.deepEqual(fields(dags.inputs.spec).accessModes, ["ReadOnlyMany"]);
    const map = registration(resources, "kubernetes:core/v1:ConfigMap", "bare");
    assert.equal(fields(map.inputs.data).DATA_URI, "file:///data");
  });
});

describe("Project in a namespace of the site", () => {
  it("reads the namespace, creates everything else in it, and says which labels it needs", async () => {
    const { resources } = await recordProject(1, { createNamespace: false });
    assert.deepEqual(
      typesAndNames(resources),
      typesAndNames((await recordProject(1)).resources).filter((each) => each !== "kubernetes:core/v1:Namespace bare"),
    );
    const { urn, inputs, dependencies } = registration(resources, "kubernetes:core/v1:ServiceAccount", "bare");
    assert.equal(at(inputs, "metadata.namespace"), "bare");
    const read = "mlops:namespace:RestrictedNamespace$kubernetes:core/v1:Namespace::bare";
    assert.ok(
      dependencies.some((each) => each.endsWith(read)),
      urn,
    );
    const { outputs } = registration(resources, "mlops:namespace:RestrictedNamespace", "bare");
    assert.equal(
      outputs.labelCommand,
      "kubectl label namespace bare mlops/platform=0123456789abcdef pod-security.kubernetes.io/enforce=restricted " +
        "pod-security.kubernetes.io/audit=restricted pod-security.kubernetes.io/warn=restricted --overwrite",
    );
  });
});

describe("Project behind a prefix", () => {
  it("is in a namespace with it, under its own name there and in the state", async () => {
    const { resources } = await recordProject(1, { dataFolder: "/data", dagsFolder: "/dags" }, "staging-");
    const without = await recordProject(1, { dataFolder: "/data", dagsFolder: "/dags" });
    assert.deepEqual(
      resources.map(({ urn }) => urn),
      without.resources.map(({ urn }) => urn),
    );
    const { inputs: namespace } = registration(resources, "kubernetes:core/v1:Namespace", "bare");
    assert.equal(at(namespace, "metadata.name"), "staging-bare");
    for (const kind of ["ConfigMap", "Secret", "ServiceAccount", "ResourceQuota"]) {
      const { inputs } = registration(resources, `kubernetes:core/v1:${kind}`, "bare");
      assert.equal(at(inputs, "metadata.name"), "bare");
      assert.equal(at(inputs, "metadata.namespace"), "staging-bare");
    }
    const { inputs: volume } = registration(resources, "kubernetes:core/v1:PersistentVolume", "bare-data");
    assert.equal(at(volume, "metadata.name"), "staging-bare-data");
    assert.equal(at(volume, "spec.hostPath.path"), "/data/staging-bare");
    const { inputs: dags } = registration(resources, "kubernetes:core/v1:PersistentVolume", "bare-dags");
    assert.equal(at(dags, "spec.hostPath.path"), "/dags");
  });
});

describe("the volumes of task pods", () => {
  it("are those that the project has", () => {
    assert.deepEqual(taskVolumes({ database: false, dataFolder: undefined, dagsFolder: undefined }), []);
    const all = taskVolumes({ database: true, dataFolder: "/data", dagsFolder: "/dags" });
    assert.deepEqual(
      all.map(({ name, mountPath, readOnly }) => `${name} ${mountPath} ${readOnly ? "ro" : "rw"}`),
      ["postgres-ca /etc/postgres-ca ro", "data /data rw", "dags /dags ro"],
    );
  });
});
