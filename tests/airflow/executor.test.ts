import assert from "node:assert/strict";
import { dagSourceValues } from "../../components/airflow/dag-source.ts";
import { processEnvironment } from "../../components/airflow/environment.ts";
import { type Executor, executorValues, usesCelery, usesWorkerPods } from "../../components/airflow/executor.ts";
import { componentResources } from "../../components/airflow/resources.ts";
import { dagSources, executors } from "./cases.ts";

function valuesFor(executor: Executor, replaced: { highAvailability?: boolean; celeryWorkers?: number } = {}) {
  return executorValues({
    namespace: "mlops",
    executor,
    celeryWorkers: 1,
    highAvailability: false,
    environment: processEnvironment(usesCelery(executor)),
    dagSource: dagSourceValues(dagSources.bundleSsh, undefined),
    sitePodAnnotations: {},
    resources: componentResources,
    podAnnotations: { "mlops/secrets-generation": "2" },
    ...replaced,
  });
}

describe("executorValues", () => {
  it("knows which executors need a broker and which make pods", () => {
    assert.deepEqual(executors.filter(usesCelery), ["CeleryExecutor", "CeleryExecutor,KubernetesExecutor"]);
    assert.deepEqual(executors.filter(usesWorkerPods), ["KubernetesExecutor", "CeleryExecutor,KubernetesExecutor"]);
  });

  for (const executor of executors) {
    it(`runs Redis for ${executor} ${usesCelery(executor) ? "on a claim of its own" : "not at all"}`, () => {
      const { redis, executor: named } = valuesFor(executor);
      assert.equal(named, executor);
      assert.equal(redis.enabled, usesCelery(executor));
      assert.deepEqual(redis.persistence, { enabled: true, existingClaim: "airflow-redis" });
      assert.equal(redis.passwordSecretName, "airflow-redis-password");
      assert.equal(redis.terminationGracePeriodSeconds, 60);
      assert.deepEqual(redis.podAnnotations, { "mlops/secrets-generation": "2" });
    });

    it(`names the Secrets of ${executor}, or the chart would draw passwords`, () => {
      assert.deepEqual(valuesFor(executor).data, {
        metadataSecretName: "airflow-metadata",
        brokerUrlSecretName: "airflow-broker-url",
        resultBackendSecretName: "airflow-result-backend",
      });
    });

    it(`gives a worker pod of ${executor} no secret in its environment`, () => {
      const { kubernetes } = valuesFor(executor).workers;
      assert.deepEqual(kubernetes.env, [{ name: "CONNECTION_CHECK_MAX_COUNT", value: "0" }]);
      assert.deepEqual(kubernetes.serviceAccount, { create: false, name: "airflow-worker" });
      assert.deepEqual(
        kubernetes.extraVolumeMounts.map(({ name }) => name),
        ["git-ssh"],
      );
    });
  }

  it("lets no more tasks into one process than its memory holds", () => {
    const parallelism = (executor: Executor) => valuesFor(executor).config.core.parallelism;
    assert.equal(valuesFor("CeleryExecutor").config.celery.worker_concurrency, "4");
    assert.equal(parallelism("LocalExecutor"), "4");
    assert.equal(parallelism("KubernetesExecutor"), undefined);
  });

  it("starts Celery's workers after the migration and Redis, without a claim template", () => {
    const { celery } = valuesFor("CeleryExecutor").workers;
    assert.deepEqual(celery.annotations, {
      "config.kubernetes.io/depends-on":
        "batch/namespaces/mlops/Job/airflow-run-airflow-migrations,apps/namespaces/mlops/StatefulSet/airflow-redis",
    });
    assert.deepEqual(celery.persistence, { enabled: false });
    assert.equal(celery.replicas, 1);
    assert.ok(celery.env.some(({ name }) => name === "AIRFLOW__CELERY__BROKER_URL"));
  });

  it("spreads Celery's workers where high availability finds more than one", () => {
    const { celery } = valuesFor("CeleryExecutor", { highAvailability: true, celeryWorkers: 3 }).workers;
    assert.equal(celery.replicas, 3);
    assert.equal(celery.podDisruptionBudget.enabled, true);
    assert.equal(celery.topologySpreadConstraints.length, 2);
    const single = valuesFor("CeleryExecutor", { highAvailability: true }).workers.celery;
    assert.equal(single.podDisruptionBudget.enabled, false, "a budget for one pod would block every drain");
  });

  it("makes no disruption budget for Celery's workers where there are none", () => {
    const { celery } = valuesFor("KubernetesExecutor", { highAvailability: true, celeryWorkers: 3 }).workers;
    assert.equal(celery.podDisruptionBudget.enabled, false);
  });
});
