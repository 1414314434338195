import assert from "node:assert/strict";
import { maxNodes, nodePools } from "../../../components/cluster/eks/eks-node-pools.ts";
import { eks } from "../../../components/cluster/eks/data/schema.ts";

const zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
const configured = (own: object) => eks.parse({ kind: "eks", region: "eu-central-1", ...own });
const sizes = (own: object) =>
  nodePools(configured(own), zones).map(({ name, minCount, maxCount }) => [name, minCount, maxCount]);

describe("the node pools of an EKS cluster", () => {
  it("are one a zone, the first with the one node that there always is", () => {
    assert.deepEqual(sizes({}), [
      ["platform-a", 1, 3],
      ["platform-b", 0, 3],
      ["platform-c", 0, 3],
    ]);
    const pools = nodePools(configured({}), zones);
    assert.deepEqual(
      pools.map((pool) => pool.zones),
      [[0], [1], [2]],
    );
    assert.ok(pools.every(({ isSpot, taintKeys }) => !isSpot && taintKeys.length === 0));
  });

  it("have the fewest nodes in the first zone, since the others' size is the autoscaler's alone", () => {
    for (const minCount of [1, 2, 4]) {
      assert.deepEqual(sizes({ nodes: { minCount, maxCount: 6 } }), [
        ["platform-a", minCount, 6],
        ["platform-b", 0, 6],
        ["platform-c", 0, 6],
      ]);
    }
  });

  it("let spot and GPU nodes begin at none, in any zone, for pods that tolerate them", () => {
    const [, , , spot, gpu] = nodePools(configured({ spotNodes: {}, gpuNodes: { spot: true } }), zones);
    assert.deepEqual(spot, {
      name: "spot",
      launchTemplate: "platform",
      zones: [0, 1, 2],
      machineType: "m7i.xlarge",
      minCount: 0,
      maxCount: 3,
      isSpot: true,
      labels: { "mlops/pool": "spot" },
      taintKeys: ["mlops/spot"],
    });
    assert.deepEqual(gpu, {
      name: "gpu",
      launchTemplate: "gpu",
      zones: [0, 1, 2],
      machineType: "g6.xlarge",
      minCount: 0,
      maxCount: 1,
      isSpot: true,
      labels: { "mlops/pool": "gpu", "k8s.amazonaws.com/accelerator": "nvidia-l4" },
      taintKeys: ["nvidia.com/gpu", "mlops/spot"],
    });
  });

  it("have together no more nodes than configured", () => {
    assert.equal(maxNodes(configured({})), 3);
    assert.equal(maxNodes(configured({ spotNodes: { maxCount: 5 }, gpuNodes: {} })), 9);
  });
});
