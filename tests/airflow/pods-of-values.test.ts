import assert from "node:assert/strict";
import { podsOfValues } from "../../components/airflow/chart/pods-of-values.ts";
import { componentResources } from "../../components/airflow/resources.ts";
import { chartValues } from "../../components/airflow/values.ts";
import { mergedObjects } from "../../components/airflow/site/layers.ts";
import type { AirflowOptions } from "../../components/airflow/values.ts";
import { at, listAt } from "../../lib/json.ts";
import { demandOf, jobDemandOf, sum } from "../../lib/kubernetes/demand.ts";
import { dagSources, options } from "./cases.ts";
import { podOutlines } from "./pod-outlines.ts";

/** render.test.ts compares them with the chart's objects where a chart is given. */
function podsWith(replaced: Partial<AirflowOptions> = {}, ofSite: Record<string, unknown> = {}) {
  const values = mergedObjects({ ...chartValues(options(replaced)) }, ofSite);
  return podsOfValues({ name: "airflow", namespace: "mlops", values });
}

const namesOf = (pods: ReturnType<typeof podsWith>) => pods.map(({ kind, metadata }) => `${kind}/${metadata.name}`);

describe("podsOfValues", () => {
  it("counts what runs all the time apart from Jobs and from the pods of tasks", () => {
    const pods = podsWith();
    const demand = sum(pods.map(demandOf));
    assert.equal(demand.pods, 5);
    assert.equal(demand.cpuRequest.toFixed(3), "0.525");
    assert.equal(demand.memoryRequest / 2 ** 20, 576 + 512 + 512 + 512 + 3 * 16 + 32);
    assert.equal(sum(pods.map(jobDemandOf)).pods, 2);
  });

  it("has the workers and the broker of the executor, each as often as it runs", () => {
    const names = namesOf(podsWith({ executor: "CeleryExecutor", celeryWorkers: 3 }));
    assert.ok(names.includes("Deployment/airflow-worker") && names.includes("StatefulSet/airflow-redis"));
    assert.ok(!names.includes("ConfigMap/airflow-config"), "Celery makes no pods of tasks");
    const workers = podsWith({ executor: "CeleryExecutor", celeryWorkers: 3 }).find(
      ({ metadata }) => metadata.name === "airflow-worker",
    );
    assert.equal(at(workers, "spec.replicas"), 3);
    const local = namesOf(podsWith({ executor: "LocalExecutor" }));
    assert.ok(!local.some((name) => /worker|redis|config/.test(name)));
  });

  it("has git-sync in the pods that read DAGs, once as a sidecar and once before it", () => {
    const outlines = podOutlines(podsWith({ dags: dagSources.gitSyncToken }));
    const reading = Object.entries(outlines).filter(([, pod]) =>
      listAt(pod, "initContainers").some((container) => at(container, "name") === "git-sync-init"),
    );
    assert.deepEqual(
      reading.map(([name]) => name),
      ["mlops/Deployment/airflow-dag-processor", "mlops/Deployment/airflow-triggerer", "mlops/Pod/airflow-config"],
    );
    const [, processor] = reading[0] ?? [];
    assert.deepEqual(at(listAt(processor, "containers")[1], "resources"), componentResources.gitSync);
  });

  it("shows a site's values as they are, a container without requests too", () => {
    const pods = podsWith({}, { imagePullSecrets: ["regcred"], apiServer: { extraContainers: [{ name: "relay" }] } });
    const server = podOutlines(pods)["mlops/Deployment/airflow-api-server"];
    assert.deepEqual(at(server, "pullSecrets"), [{ name: "regcred" }]);
    assert.deepEqual(at(listAt(server, "containers")[1], "name"), "relay");
    assert.ok(!namesOf(podsWith({}, { statsd: { enabled: false } })).includes("Deployment/airflow-statsd"));
  });
});
