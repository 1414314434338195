import assert from "node:assert/strict";
import { clientsByStore } from "../../components/clients.ts";
import { createCluster } from "../../components/cluster/create.ts";
import { type ClusterOutputs, sharedSettings } from "../../components/cluster/cluster-outputs.ts";
import { validate } from "../../config.ts";
import { ConfigError } from "../../config/errors.ts";
import { record } from "../../preview/recorder/recorder.ts";
import { fields, registration } from "../program/registrations.ts";

const clusterStack = "acme/mlops/eks-cluster";
const roleOf = (account: string) => ({ "eks.amazonaws.com/role-arn": `arn:aws:iam::123456789012:role/${account}` });
const airflowAccounts = ["airflow-worker", "airflow-api-server", "airflow-triggerer"];
const config = (own: object = {}, more: object = {}) =>
  validate({
    cluster: { kind: "eks", region: "eu-central-1", ...own },
    layers: ["platform"],
    clusterStack,
    imageRegistry: "registry.example.org/mlops",
    projects: [{ name: "pageviews" }],
    ...more,
  });

const clusterOutputs: ClusterOutputs = {
  kubeconfig: "apiVersion: v1",
  shared: sharedSettings(config()),
  storage: {
    airflow: {
      uri: "s3://bucket/airflow/logs",
      accountAnnotations: Object.fromEntries(airflowAccounts.map((account) => [account, roleOf(account)])),
    },
    backup: { uri: "s3://bucket/backups", accountAnnotations: { backup: roleOf("backup") } },
    mlflow: { uri: "s3://bucket/mlflow/artifacts", accountAnnotations: { mlflow: roleOf("mlflow") } },
    pageviews: { uri: "s3://bucket/projects/pageviews", accountAnnotations: { pageviews: roleOf("pageviews") } },
  },
  postgres: { host: "db.example.org", adminUser: "platform", caCertificate: "-----BEGIN CERTIFICATE-----" },
};

function take(outputs: object, of = config()) {
  const program = () => {
    const { capabilities, objectStorage, managedPostgres } = createCluster(of, clientsByStore(of).cloud);
    return { capabilities: JSON.stringify(capabilities), access: objectStorage?.access, server: managedPostgres };
  };
  return record(program, {
    stackOutputs: (name) =>
      name === clusterStack ? { outputs: { ...outputs }, secretNames: ["postgresAdminPassword"] } : undefined,
  });
}

describe("a cluster of another stack", () => {
  it("is the one with the same identifying keys: on Google, a project too", () => {
    const cluster = { kind: "gke", project: "team-ml", region: "europe-west4" };
    assert.equal(sharedSettings(config(cluster))["cluster.project"], "team-ml");
    assert.ok(!("cluster.project" in sharedSettings(config())));
  });

  it("is reached by the kubeconfig that the stack put out, under an identifier that never changes", async () => {
    const { resources } = await take({ handover: clusterOutputs, postgresAdminPassword: "p" });
    const { inputs } = registration(resources, "pulumi:providers:kubernetes", "cluster");
    const inPlace = { enableConfigMapMutable: "true", enableSecretMutable: "true" };
    assert.deepEqual(inputs, { kubeconfig: "apiVersion: v1", clusterIdentifier: clusterStack, ...inPlace });
    const made = resources.filter(({ type }) => type.startsWith("aws:"));
    assert.deepEqual(made, [], "the platform's layer needs no right in the cloud");
  });

  it("gives each service account its own identity", async () => {
    const { outputs } = await take({ handover: clusterOutputs, postgresAdminPassword: "p" });
    const { airflow, pageviews } = fields(outputs.access);
    assert.deepEqual(fields(airflow).accountAnnotations, {
      "airflow-worker": roleOf("airflow-worker"),
      "airflow-api-server": roleOf("airflow-api-server"),
      "airflow-triggerer": roleOf("airflow-triggerer"),
    });
    assert.equal(fields(pageviews).uri, "s3://bucket/projects/pageviews");
    assert.deepEqual(fields(pageviews).environment, { AWS_REGION: "eu-central-1" });
  });

  it("has the cloud's Postgres, its password secret and its addresses known by configuration", async () => {
    const { outputs, secretOutputPaths } = await take({
      handover: clusterOutputs,
      postgresAdminPassword: "very-secret",
    });
    const { host, port, adminPassword, cidr } = fields(outputs.server);
    assert.deepEqual([host, port, adminPassword, cidr], ["db.example.org", 5432, "very-secret", "10.10.0.0/16"]);
    assert.deepEqual(secretOutputPaths, ["server.adminPassword"]);
  });

  it("is refused with everything in which the two stacks do not fit, in words that nothing is written in front of", async () => {
    const { airflow, backup } = clusterOutputs.storage;
    const wrong = {
      kubeconfig: "apiVersion: v1",
      shared: { ...clusterOutputs.shared, "cluster.region": "eu-west-1", namespace: "other" },
      storage: { airflow, backup, mlflow: { uri: "s3://bucket/mlflow/artifacts", accountAnnotations: {} } },
    };
    await assert.rejects(take({ handover: wrong }), (error: unknown) => {
      assert.ok(error instanceof ConfigError);
      const found = error.problems.map(({ key, found }) => `${key}: ${found}`);
      assert.deepEqual(found, [
        'cluster.region: "eu-central-1"',
        'namespace: "mlops"',
        `projects: storage for pageviews, which ${clusterStack} does not have`,
        `mlflow: an identity for mlflow, which ${clusterStack} does not have`,
        `postgres: a managed Postgres, which ${clusterStack} does not have`,
      ]);
      assert.match(error.message, /^the stack's configuration has 5 problems:/);
      return true;
    });
  });

  it("is refused where only one of the two stacks has policies, by which the cluster opens new pods", async () => {
    const outputs = { handover: clusterOutputs, postgresAdminPassword: "p" };
    await assert.rejects(
      take(outputs, config({}, { networkPolicies: false })),
      /networkPolicies: found false; allowed: true, as in acme/,
    );
    const open = { ...clusterOutputs, shared: sharedSettings(config({}, { networkPolicies: false })) };
    await assert.rejects(
      take({ ...outputs, handover: open }),
      /networkPolicies: found true; allowed: false, as in acme/,
    );
  });

  it("is refused while the other stack has put out no cluster", async () => {
    await assert.rejects(take({}), {
      message: `the stack's configuration has 1 problem:
  clusterStack: found ${clusterStack}, which has no cluster in its outputs; allowed: a deployed stack with layers [cluster]
    fix: scripts/pulumi up --stack ${clusterStack}`,
    });
  });
});
