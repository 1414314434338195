import assert from "node:assert/strict";
import { validate } from "../../config.ts";

const imageRegistry = "europe-west4-docker.pkg.dev/acme-ml-prod/mlops";
const cluster = { kind: "gke", project: "acme-ml-prod", region: "europe-west4" };
const withCluster = (own: object) => ({ imageRegistry, cluster: { ...cluster, ...own } });
const withNetwork = (network: object) => withCluster({ network });

describe("a GKE configuration that is right", () => {
  it("needs a project and a region", () => {
    const { cluster: found } = validate(withCluster({}));
    assert.ok(found.kind === "gke");
    assert.equal(found.name, "mlops");
    assert.equal(found.deletionProtection, true);
    assert.equal(found.network.databaseCidr, "10.40.0.0/20");
  });

  it("may use the ranges of an existing network as they are", () => {
    const network = { name: "shared", subnetwork: "ml", databaseCidr: "10.10.0.0/20" };
    assert.doesNotThrow(() => validate(withNetwork(network)));
  });

  it("may have as many nodes as its ranges hold, with one more in a pool that is upgraded", () => {
    const ranges = { nodesCidr: "10.10.0.0/28", podsCidr: "10.20.0.0/21" };
    const own = { network: ranges, nodes: { maxCount: 7 } };
    assert.doesNotThrow(() => validate(withCluster(own)));
    assert.doesNotThrow(() => validate(withCluster({ ...own, nodes: { maxCount: 10, podsPerNode: 64 } })));
    const network = { name: "shared", subnetwork: "ml" };
    assert.doesNotThrow(() => validate(withCluster({ network, nodes: { maxCount: 1000 } })), "ranges of its owner");
  });

  it("may be reached from a /8 and from one address", () => {
    assert.doesNotThrow(() => validate(withCluster({ authorizedNetworks: ["10.0.0.0/8", "203.0.113.7/32"] })));
  });

  it("may have Google's other machines, disks and ranges", () => {
    const nodes = { machineType: "c4-standard-4", diskType: "hyperdisk-balanced" };
    const network = { podsCidr: "240.0.0.0/14", servicesCidr: "100.64.0.0/24", databaseCidr: "192.168.4.0/24" };
    const postgres = { kind: "managed", instanceType: "db-f1-micro" };
    assert.doesNotThrow(() => validate({ ...withCluster({ nodes, network }), postgres }));
  });
});
