import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { validate } from "../../config.ts";
import { ConfigError } from "../../config/errors.ts";
import { ofAnyStack } from "./bad/bad-case.ts";
import { badEks } from "./bad/eks.ts";
import { badGke } from "./bad/gke.ts";
import { badPlatforms } from "./bad/platform.ts";

const minikube = { cluster: { kind: "minikube" } };
const imageRegistry = "registry.example.org/mlops";
const gke = { imageRegistry, cluster: { kind: "gke", project: "acme-ml-prod", region: "europe-west4" } };
const eks = { imageRegistry, cluster: { kind: "eks", region: "eu-central-1" } };

function problemsOf(config: Record<string, unknown>): ConfigError {
  try {
    validate(config);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: "the configuration was accepted" });
}

describe("a configuration that is wrong", () => {
  for (const { name, config, key, found, allowed, fix } of [...badPlatforms, ...badGke, ...badEks]) {
    it(`${name}: names ${key} and the fix`, () => {
      const { problems } = problemsOf(config);
      const problem = problems.find((candidate) => candidate.key.includes(key));
      assert.ok(problem, JSON.stringify(problems, null, 2));
      assert.ok(problem.found.includes(found), `found: ${problem.found}`);
      assert.ok(problem.allowed.includes(allowed), `allowed: ${problem.allowed}`);
      assert.ok(ofAnyStack(problem.fix).includes(fix), `fix: ${problem.fix}`);
    });
  }

  it("shows every problem at once, each with its fix, and no stack trace", () => {
    const { problems, message, stack } = problemsOf({
      ...eks,
      airflow: { executor: "X", highAvailability: 1 },
      minio: { storageGiB: 0 },
      nothing: true,
      exposure: { kind: "loadBalancer", sourceRanges: ["0.0.0.0/0"] },
    });
    assert.deepEqual(problems.map(({ key }) => key).sort(), [
      "airflow.executor",
      "airflow.highAvailability",
      "exposure.sourceRanges",
      "minio.storageGiB",
      "nothing",
    ]);
    const lines = message.split("\n");
    assert.equal(lines.length, 1 + 2 * problems.length + 1);
    // Of the ranges, only the user knows a value.
    assert.equal(lines.at(-1), "  A `config set` command that ends with its key asks for the value.");
    assert.doesNotMatch(stack ?? "", /^\s+at /m);
    assert.ok(pulumi.RunError.isInstance(problemsOf({})));
  });

  it("shows broken rules beside keys that the schema refuses, in the same section too", () => {
    const { problems } = problemsOf({
      imageRegistry,
      cluster: { kind: "eks", nodes: { minCount: 5, diskSizeGiB: 1 }, network: { cidr: "office" }, unknown: 1 },
      exposure: { kind: "nodePort", ports: { airflow: 1, mlflow: 30090 } },
      projects: [{ name: "A" }, { name: "airflow" }],
      secrets: { projects: 1 },
    });
    assert.deepEqual(problems.map(({ key }) => key).sort(), [
      "cluster.network.cidr",
      "cluster.nodes.diskSizeGiB",
      "cluster.nodes.minCount",
      "cluster.region",
      "cluster.unknown",
      "exposure.kind",
      "exposure.ports.airflow",
      "projects[0].name",
      "projects[1].name",
      "secrets.projects",
    ]);
  });

  it("never shows a secret's value", () => {
    const { message } = problemsOf({ ...minikube, secrets: { git: { token: { value: 42 }, other: "hunter2" } } });
    assert.match(message, /secrets\.git\.token/);
    assert.doesNotMatch(message, /hunter2|42/);
  });

  it("moves a mistyped key, and never removes what may be all that a user has of it", () => {
    const fixes = (config: object) => problemsOf({ ...minikube, ...config }).problems.map(({ fix }) => ofAnyStack(fix));
    const edit = "edit Pulumi.yaml: ";
    assert.deepEqual(fixes({ project: [{ name: "forecast" }] }), [`${edit}rename project to projects`]);
    assert.deepEqual(fixes({ airflow: { executer: "LocalExecutor" } }), [
      "scripts/pulumi config set --path 'airflow.executor' LocalExecutor && scripts/pulumi config rm --path 'airflow.executer'",
    ]);
    assert.deepEqual(fixes({ adminEmail: "me@acme.com" }), [
      "scripts/pulumi config set --path 'airflow.adminEmail' me@acme.com && scripts/pulumi config rm --path 'adminEmail'",
    ]);
    assert.deepEqual(fixes({ projects: [{ name: "churn" }], project: [{ name: "forecast" }] }), [
      `${edit}projects is also set: keep one of the two, and remove project`,
    ]);
    assert.deepEqual(fixes({ team: { people: 3 } }), [`${edit}remove team, or move its values to another key`]);
    assert.deepEqual(fixes({ projects: { forecast: {} } }), [
      `${edit}write projects as a list, each with name, config, database, quota, egress, removed`,
    ]);
  });

  it("refuses secrets in plain text", () => {
    const plain = () => validate({ ...minikube, secrets: { git: { token: "x" } } }, () => false);
    assert.throws(plain, /secrets: found values in plain text; allowed: encrypted values/);
  });
});

describe("a configuration that is right", () => {
  it("needs nothing but the kind of cluster, and gets that kind's defaults", () => {
    const config = validate(minikube);
    assert.deepEqual(config.cluster, { kind: "minikube", context: "minikube", imageDigests: false });
    assert.deepEqual(config.postgres, { kind: "cluster", storageGiB: 20, prefix: "", extensions: [] });
    assert.equal(config.exposure.kind, "nodePort");
    assert.equal(config.airflow.executor, "KubernetesExecutor");
  });

  it("takes numbers and booleans for texts, as people and the Pulumi CLI write them", () => {
    const project = { name: "forecast", config: { HORIZON_DAYS: 14, DEBUG: true }, quota: { cpu: 4 } };
    const { labels, projects } = validate({ ...minikube, labels: { "cost-center": 42 }, projects: [project] });
    assert.deepEqual(
      projects.map(({ config, quota }) => [config, quota.cpu]),
      [[{ HORIZON_DAYS: "14", DEBUG: "true" }, "4"]],
    );
    assert.deepEqual(labels, { "cost-center": "42" });
    assert.throws(
      () => validate({ ...minikube, projects: [{ name: 4 }] }),
      /projects\[0\]\.name: found 4; allowed: at most/,
    );
  });

  it("takes a backup's schedule in each way that a CronJob does", () => {
    for (const schedule of ["@daily", "0 2 ? * *", "17  2 * * 1-5"]) {
      assert.equal(validate({ ...minikube, backup: { schedule } }).backup.schedule, schedule);
    }
  });

  it("lets a project's longest name follow the longest prefix", () => {
    const prefix = `${"p".repeat(22)}-`;
    const name = "n".repeat(40);
    const { projectNamespacePrefix, projects } = validate({
      ...minikube,
      projectNamespacePrefix: prefix,
      projects: [{ name }],
    });
    assert.equal(`${projectNamespacePrefix}${projects[0]?.name}`.length, 63);
  });

  it("lets two platforms' projects be called what the other's namespace is called", () => {
    validate({ ...minikube, projectNamespacePrefix: "staging-", projects: [{ name: "mlops" }] });
  });

  it("gives the clouds a managed Postgres and exposes nothing", () => {
    for (const cloud of [gke, eks]) {
      const config = validate(cloud);
      assert.equal(config.postgres.kind, "managed");
      assert.equal(config.exposure.kind, "portForward");
    }
  });

  it("keeps project secrets marked secret, their names plain", async () => {
    const config = validate({ ...minikube, projects: [{ name: "a" }], secrets: { projects: { a: { TOKEN: "t" } } } });
    assert.deepEqual(config.secrets.projectKeys, { a: ["TOKEN"] });
    const value = config.secrets.project("a", "TOKEN");
    assert.equal(await pulumi.isSecret(value), true);
  });
});
