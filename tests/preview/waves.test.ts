import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";
import { record } from "../../preview/recorder/recorder.ts";
import { chartWavesOf, wavesOf } from "../../preview/recorder/waves.ts";

async function waves(program: (provider: k8s.Provider) => unknown): Promise<Record<string, number>> {
  const { resources } = await record(() => {
    program(new k8s.Provider("cluster", {}));
  });
  const found = wavesOf(resources);
  return Object.fromEntries(resources.map(({ urn, name }) => [name, found.get(urn) ?? -1]));
}

describe("wavesOf", () => {
  it("puts a namespace first, what pods refer to next and workloads last", async () => {
    const found = await waves((provider) => {
      const opts = { provider };
      new k8s.core.v1.Pod("job", { metadata: { name: "j", namespace: "mlops" } }, opts);
      new k8s.core.v1.Service("service", { metadata: { name: "s", namespace: "mlops" } }, opts);
      new k8s.core.v1.Secret("secret", { metadata: { name: "s", namespace: "mlops" } }, opts);
      new k8s.core.v1.Namespace("namespace", { metadata: { name: "mlops" } }, opts);
    });
    assert.deepEqual([found.namespace, found.secret, found.service, found.job], [0, 1, 2, 3]);
  });

  it("puts what depends on something after it, a drawn value apart", async () => {
    const found = await waves((provider) => {
      const { result } = new random.RandomPassword("password", { length: 8 });
      const job = new k8s.batch.v1.Job("job", { metadata: { name: "job" } }, { provider });
      new k8s.core.v1.Secret("secret", { metadata: { name: "secret" }, stringData: { result } }, { provider });
      new k8s.core.v1.ConfigMap("map", { metadata: { name: "map" } }, { provider, dependsOn: job });
    });
    assert.deepEqual([found.secret, found.job, found.map], [1, 3, 4]);
  });

  it("makes the children of a component wait for what it waits for", async () => {
    const found = await waves((provider) => {
      const job = new k8s.batch.v1.Job("job", { metadata: { name: "job" } }, { provider });
      const part = new pulumi.ComponentResource("mlops:part:Part", "part", {}, { dependsOn: job });
      new k8s.core.v1.Secret("secret", { metadata: { name: "secret" } }, { provider, parent: part });
    });
    assert.equal(found.secret, 4);
  });
});

describe("chartWavesOf", () => {
  it("follows the depends-on annotation", () => {
    const metadata = { name: "job", namespace: "mlops" };
    const job: KubernetesObject = { apiVersion: "batch/v1", kind: "Job", metadata };
    const annotations = { "config.kubernetes.io/depends-on": "batch/namespaces/mlops/Job/job" };
    const server = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "server", annotations } };
    const found = chartWavesOf([server, job]);
    assert.deepEqual([found.get(job), found.get(server)], [3, 4]);
  });
});
