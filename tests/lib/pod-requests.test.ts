import assert from "node:assert/strict";
import { type PodRequests, requesting, requestingSpec } from "../../lib/kubernetes/pod-requests.ts";

const rule: PodRequests = { millicores: 50, mebibytes: 52, gibPerCore: [1, 6.5], disk: [1024, 10_240] };
const resources = (cpu: string, memory: string, limits = {}) => ({ requests: { cpu, memory }, limits });
const requestsOf = (cpu: string, memory: string) => requesting(resources(cpu, memory), rule).requests;

describe("the requests of a pod on a cluster that asks for some", () => {
  it("stay as they are written where they are enough", () => {
    for (const [cpu, memory] of [
      ["150m", "576Mi"],
      ["0.1", "256Mi"],
      ["1", "1Gi"],
      ["200m", "1.3Gi"],
    ] as const) {
      assert.deepEqual(requestsOf(cpu, memory), { cpu, memory });
    }
  });

  it("are raised to the fewest of both", () => {
    assert.deepEqual(requestsOf("10m", "32Mi"), { cpu: "50m", memory: "52Mi" });
  });

  it("are raised to the fewest cores for the memory, and to the least memory for the cores", () => {
    // 2 GiB / 6.5 is 307.7 thousandths of a core.
    assert.deepEqual(requestsOf("100m", "2Gi"), { cpu: "310m", memory: "2Gi" });
    assert.deepEqual(requestsOf("2", "512Mi"), { cpu: "2", memory: "2048Mi" });
  });

  it("raise a limit that would be below them, and no other", () => {
    const { limits } = requesting(resources("10m", "32Mi", { cpu: "20m", memory: "128Mi" }), rule);
    assert.deepEqual(limits, { cpu: "50m", memory: "128Mi" });
  });

  it("are those of all containers and sidecars together, of which the first gets what is missing", () => {
    const sidecar = { name: "b", resources: resources("30m", "32Mi") };
    const initContainers = [
      { name: "c", restartPolicy: "Always", resources: resources("10m", "16Mi") },
      { name: "d", resources: resources("2", "1Gi") },
    ];
    const main = { name: "a", resources: resources("5m", "2Mi") };
    const changed = requestingSpec({ containers: [main, sidecar], initContainers }, rule);
    assert.deepEqual(changed.containers, [{ name: "a", resources: resources("10m", "4Mi") }, sidecar]);
    assert.deepEqual(changed.initContainers, initContainers);
  });

  it("have the disk of the pod's folders, where they may be larger than what is free", () => {
    const pod = (sizeLimit: string, medium?: string) => {
      const volumes = [
        { name: "tmp", emptyDir: { sizeLimit, medium } },
        { name: "x", configMap: {} },
      ];
      const spec = requestingSpec({ containers: [{ resources: resources("1", "1Gi") }], volumes }, rule);
      return spec.containers;
    };
    const disk = (amount: string) => ({ "ephemeral-storage": amount });
    const own = resources("1", "1Gi");
    assert.deepEqual(pod("512Mi"), [{ resources: own }]);
    assert.deepEqual(pod("8Gi", "Memory"), [{ resources: own }]);
    assert.deepEqual(pod("8Gi"), [
      { resources: { requests: { ...disk("8704Mi"), ...own.requests }, limits: disk("8704Mi") } },
    ]);
    assert.deepEqual(pod("20Gi"), [
      { resources: { requests: { ...disk("10240Mi"), ...own.requests }, limits: disk("10240Mi") } },
    ]);
  });
});
