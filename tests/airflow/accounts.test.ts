import assert from "node:assert/strict";
import { clientsByStore } from "../../components/clients.ts";
import type { Executor } from "../../components/airflow/executor.ts";
import type { Recording } from "../../lib/recording.ts";
import { registration } from "../program/registrations.ts";
import { validate } from "../../config.ts";
import { deploy, executors } from "./cases.ts";
import { at } from "../../lib/json.ts";

const accountType = "kubernetes:core/v1:ServiceAccount";
const roleType = "kubernetes:rbac.authorization.k8s.io/v1:Role";
const bindingType = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding";

function accounts({ resources }: Recording) {
  return resources.filter(({ type }) => type === accountType);
}

/** Names of the accounts that a binding speaks of. */
function boundBy({ resources }: Recording, name: string): unknown[] {
  const subjects = registration(resources, bindingType, name).inputs.subjects;
  assert.ok(Array.isArray(subjects));
  for (const subject of subjects) assert.equal(at(subject, "namespace"), "mlops");
  return subjects.map((subject) => at(subject, "name"));
}

/** Executors with what differs between them. */
const expected: Record<Executor, { extra: string[]; apiClients: string[]; launchers: string[] }> = {
  KubernetesExecutor: {
    extra: ["airflow-worker"],
    apiClients: ["airflow-api-server", "airflow-scheduler", "airflow-triggerer", "airflow-worker"],
    launchers: ["airflow-worker", "airflow-triggerer"],
  },
  CeleryExecutor: {
    extra: ["airflow-redis", "airflow-worker"],
    apiClients: ["airflow-triggerer", "airflow-worker"],
    launchers: ["airflow-worker", "airflow-triggerer"],
  },
  "CeleryExecutor,KubernetesExecutor": {
    extra: ["airflow-redis", "airflow-worker"],
    apiClients: ["airflow-api-server", "airflow-scheduler", "airflow-triggerer", "airflow-worker"],
    launchers: ["airflow-worker", "airflow-triggerer"],
  },
  LocalExecutor: {
    extra: [],
    apiClients: ["airflow-scheduler", "airflow-triggerer"],
    launchers: ["airflow-scheduler", "airflow-triggerer"],
  },
};

const always = [
  "airflow-api-server",
  "airflow-create-user-job",
  "airflow-dag-processor",
  "airflow-migrate-database-job",
  "airflow-scheduler",
  "airflow-statsd",
  "airflow-triggerer",
];

describe("AirflowAccounts", () => {
  it("makes none for the StatsD exporter where nothing collects its metrics", async () => {
    const made = accounts(await deploy({ args: { hasMetrics: false } })).map(({ name }) => name);
    assert.deepEqual(made.sort(), [...always.filter((name) => name !== "airflow-statsd"), "airflow-worker"].sort());
  });

  for (const executor of executors) {
    const { extra, apiClients, launchers } = expected[executor];

    it(`makes the accounts of ${executor}, with an API token for those alone that use it`, async () => {
      const made = accounts(await deploy({ airflow: { executor } }));
      assert.deepEqual(made.map(({ name }) => name).sort(), [...always, ...extra].sort());
      const withToken = made.filter(({ inputs }) => inputs.automountServiceAccountToken === true);
      assert.deepEqual(withToken.map(({ name }) => name).sort(), apiClients);
    });

    it(`lets tasks of ${executor} make pods in their project's namespace`, async () => {
      const recording = await deploy({ airflow: { executor } });
      assert.deepEqual(boundBy(recording, "pageviews-airflow-task-launcher"), launchers);
      const role = registration(recording.resources, roleType, "pageviews-airflow-task-launcher").inputs;
      assert.deepEqual(
        [at(role, "metadata.name"), at(role, "metadata.namespace")],
        ["airflow-task-launcher", "pageviews"],
      );
      assert.deepEqual(role.rules, [
        { apiGroups: [""], resources: ["pods"], verbs: ["create", "delete", "get", "list", "patch", "watch"] },
        { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
        { apiGroups: [""], resources: ["events"], verbs: ["list", "watch"] },
      ]);
    });

    const hasWorkerPods = executor.includes("KubernetesExecutor");
    it(`lets ${hasWorkerPods ? "the scheduler alone" : "nobody"} make pods in the platform's namespace with ${executor}`, async () => {
      const recording = await deploy({ airflow: { executor } });
      const roles = recording.resources.filter(
        ({ type, inputs }) => type === roleType && at(inputs, "metadata.namespace") === "mlops",
      );
      assert.deepEqual(
        roles.map(({ name }) => name).sort(),
        hasWorkerPods ? ["airflow-executor", "airflow-log-reader"] : [],
      );
      if (!hasWorkerPods) return;
      assert.deepEqual(boundBy(recording, "airflow-executor"), ["airflow-scheduler"]);
      assert.deepEqual(boundBy(recording, "airflow-log-reader"), ["airflow-api-server"]);
      assert.deepEqual(registration(recording.resources, roleType, "airflow-log-reader").inputs.rules, [
        { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
        { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
      ]);
    });
  }

  it("asks for no right over the whole cluster", async () => {
    const { resources } = await deploy();
    assert.deepEqual(
      resources.filter(({ type }) => type.includes("Cluster")).map(({ name }) => name),
      [],
    );
  });

  it("ties the accounts that handle logs to an identity of their own, and no other", async () => {
    const tied = accounts(await deploy({ logs: "identity" })).filter(
      ({ inputs }) => at(inputs, "metadata.annotations") !== undefined,
    );
    for (const { name, inputs } of tied) {
      const annotations = { "iam.gke.io/gcp-service-account": `${name}@acme.iam.gserviceaccount.com` };
      assert.deepEqual(at(inputs, "metadata.annotations"), annotations);
    }
    const names = tied.map(({ name }) => name).sort();
    assert.deepEqual(names, ["airflow-api-server", "airflow-triggerer", "airflow-worker"]);
  });

  it("has log accounts for where its tasks run", () => {
    const logAccounts = (executor: string) => {
      const { minio } = clientsByStore(validate({ cluster: { kind: "minikube" }, airflow: { executor } }));
      return minio.find(({ name }) => name === "airflow")?.serviceAccounts.map(({ name }) => name);
    };
    const always = ["airflow-api-server", "airflow-triggerer"];
    assert.deepEqual(logAccounts("KubernetesExecutor"), ["airflow-worker", ...always]);
    assert.deepEqual(logAccounts("LocalExecutor"), ["airflow-scheduler", ...always]);
  });
});
