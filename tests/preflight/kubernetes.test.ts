import assert from "node:assert/strict";
import { capacityRow } from "../../scripts/preflight/kubernetes/checks/capacity.ts";
import { clusterRow } from "../../scripts/preflight/kubernetes/checks/cluster.ts";
import { storageClassRow } from "../../scripts/preflight/kubernetes/checks/storage-class.ts";

const answer = (body: object) => ({ ok: true, stdout: JSON.stringify(body), stderr: "" });
const refusal = (stderr: string) => ({ ok: false, stdout: "", stderr });

describe("a cluster that exists", () => {
  it("answers with its version", () => {
    const version = answer({ serverVersion: { gitVersion: "v1.35.4" } });
    const row = clusterRow(version, { context: "team", isLocal: false });
    assert.deepEqual(row, { check: "cluster", state: "ok", found: "team answers, Kubernetes v1.35.4" });
  });

  it("does not answer: minikube is started, another context is chosen", () => {
    const down = refusal("Unable to connect to the server: dial tcp: i/o timeout");
    const row = clusterRow(down, { context: "minikube", isLocal: true });
    assert.equal(row.state, "failed");
    assert.equal(row.found, "minikube does not answer: Unable to connect to the server: dial tcp: i/o timeout");
    assert.equal(row.fix, "minikube start");
    assert.equal(clusterRow(down, { context: "team", isLocal: false }).fix, "kubectl config get-contexts");
  });
});

describe("the storage class", () => {
  const classes = (isDefault: string) =>
    answer({
      items: [
        { metadata: { name: "slow" } },
        { metadata: { name: "fast", annotations: { "storageclass.kubernetes.io/is-default-class": isDefault } } },
      ],
    });

  it("is the stack's, or the cluster's default", () => {
    assert.deepEqual(storageClassRow(classes("true"), "slow"), { check: "storage class", state: "ok", found: "slow" });
    assert.equal(storageClassRow(classes("true"), undefined).found, "fast, the default");
  });

  it("is missing, and those that there are are named", () => {
    assert.equal(storageClassRow(classes("true"), "gone").found, "the cluster has no gone; it has slow, fast");
    assert.equal(storageClassRow(classes("false"), undefined).found, "no class is the default; it has slow, fast");
    assert.equal(storageClassRow(answer({ items: [] }), undefined).state, "failed");
  });

  it("is not known where it may not be read", () => {
    assert.equal(storageClassRow(refusal("forbidden"), "slow").state, "unknown");
  });
});

describe("the capacity of the nodes", () => {
  const needs = { cpu: 3, memory: 2 * 1024 ** 3 };
  const nodes = (...cpus: string[]) =>
    answer({ items: cpus.map((cpu) => ({ status: { allocatable: { cpu, memory: "4Gi" } } })) });

  it("holds what the platform requests, over all nodes", () => {
    const found = "the platform requests 3.0 CPUs and 2.0 GiB; the nodes have 3.5 CPUs and 8.0 GiB";
    assert.deepEqual(capacityRow(nodes("1500m", "2"), needs), { check: "capacity", state: "ok", found });
  });

  it("is too small, or not known", () => {
    assert.equal(capacityRow(nodes("2"), needs).state, "failed");
    assert.equal(capacityRow(refusal("forbidden"), needs).state, "unknown");
  });
});
