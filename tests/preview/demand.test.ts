import assert from "node:assert/strict";
import { demandOf, jobDemandOf, sum } from "../../lib/kubernetes/demand.ts";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";
import { parseQuantity, formatBytes, formatCores } from "../../lib/quantity.ts";

const gibibyte = 2 ** 30;

function container(cpu: string, memory: string, more: Record<string, unknown> = {}) {
  return { resources: { requests: { cpu, memory }, limits: { cpu: "2", memory: "2Gi" } }, ...more };
}

function workload(kind: string, spec: Record<string, unknown>): KubernetesObject {
  return { apiVersion: "apps/v1", kind, metadata: { name: "name" }, spec };
}

describe("demandOf", () => {
  it("multiplies the sum of the containers by the replicas", () => {
    const template = { spec: { containers: [container("250m", "1Gi"), container("1", "512Mi")] } };
    const { pods, cpuRequest, cpuLimit, memoryRequest } = demandOf(workload("Deployment", { replicas: 2, template }));
    assert.deepEqual([pods, cpuRequest, cpuLimit, memoryRequest], [2, 2.5, 8, 3 * gibibyte]);
  });

  it("counts a sidecar as a container and another init container by its size alone", () => {
    const initContainers = [container("100m", "1Gi", { restartPolicy: "Always" }), container("3", "1Mi")];
    const template = { spec: { initContainers, containers: [container("500m", "1Gi")] } };
    const { cpuRequest, memoryRequest } = demandOf(workload("StatefulSet", { template }));
    assert.deepEqual([cpuRequest, memoryRequest], [3, 2 * gibibyte]);
  });

  it("counts claims and the claims of a StatefulSet's template", () => {
    const spec = { resources: { requests: { storage: "10Gi" } } };
    assert.equal(demandOf(workload("PersistentVolumeClaim", spec)).storage, 10 * gibibyte);
    const set = workload("StatefulSet", { replicas: 3, template: { spec: {} }, volumeClaimTemplates: [{ spec }] });
    assert.equal(demandOf(set).storage, 30 * gibibyte);
  });

  it("keeps Jobs apart from what runs all the time", () => {
    const job = workload("Job", { template: { spec: { containers: [container("1", "1Gi")] } } });
    assert.deepEqual(demandOf(job), sum([]));
    assert.equal(jobDemandOf(job).cpuRequest, 1);
  });

  it("finds nothing in an object without pods or storage", () => {
    assert.deepEqual(demandOf(workload("Service", {})), sum([]));
  });
});

describe("parseQuantity", () => {
  const cases: [unknown, number | undefined][] = [
    ["250m", 0.25],
    ["1.5", 1.5],
    [2, 2],
    ["1Ki", 1024],
    ["1k", 1000],
    ["2GB", undefined],
    [undefined, undefined],
    ["", undefined],
  ];
  for (const [text, number] of cases) {
    it(`reads ${JSON.stringify(text)} as ${number}`, () => assert.equal(parseQuantity(text), number));
  }
});

describe("formatBytes and formatCores", () => {
  it("choose a unit that reads well", () => {
    assert.deepEqual(
      [formatBytes(512 * 2 ** 20), formatBytes(2.25 * gibibyte), formatCores(1.256)],
      ["512 MiB", "2.3 GiB", "1.26"],
    );
  });
});
