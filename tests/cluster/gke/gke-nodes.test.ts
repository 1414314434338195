import assert from "node:assert/strict";
import { initialCount } from "../../../components/cluster/gke/gke-node-config.ts";
import { registration } from "../../program/registrations.ts";
import { project, recordGke } from "./gke-cases.ts";
import { at } from "../../../lib/json.ts";

const poolType = "gcp:container/nodePool:NodePool";

describe("the node pools of a GKE cluster", () => {
  it("are one by default, hardened, scaled over all zones, repaired and upgraded one node at a time", async () => {
    const { resources } = await recordGke();
    assert.equal(resources.filter(({ type }) => type === poolType).length, 1);
    const { inputs, ignoreChanges } = registration(resources, poolType, "mlops-platform");
    assert.deepEqual(inputs.autoscaling, { totalMinNodeCount: 1, totalMaxNodeCount: 3, locationPolicy: "BALANCED" });
    assert.deepEqual(ignoreChanges, ["nodeCount", "initialNodeCount"]);
    assert.deepEqual(inputs.management, { autoRepair: true, autoUpgrade: true });
    assert.deepEqual(inputs.upgradeSettings, { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 });
    assert.deepEqual(inputs.networkConfig, { enablePrivateNodes: true });
    assert.equal(inputs.maxPodsPerNode, 110);
    assert.deepEqual(inputs.nodeConfig, {
      machineType: "e2-standard-4",
      diskType: "pd-balanced",
      diskSizeGb: 100,
      imageType: "COS_CONTAINERD",
      spot: false,
      serviceAccount: `mlops-nodes@${project}.iam.gserviceaccount.com`,
      oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
      workloadMetadataConfig: { mode: "GKE_METADATA" },
      metadata: { "disable-legacy-endpoints": "true" },
      shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
      kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
      labels: { "mlops/pool": "platform" },
      taints: [],
      resourceLabels: { "part-of": "mlops" },
    });
  });

  it("take the machines, disks and pods of the configuration", async () => {
    const nodes = { machineType: "e2-medium", diskType: "pd-standard", diskSizeGiB: 100, podsPerNode: 64, maxCount: 5 };
    const { resources } = await recordGke({ cluster: { nodes } });
    const { inputs } = registration(resources, poolType, "mlops-platform");
    assert.equal(at(inputs, "nodeConfig.machineType"), "e2-medium");
    assert.equal(at(inputs, "nodeConfig.diskType"), "pd-standard");
    assert.equal(inputs.maxPodsPerNode, 64);
    assert.equal(at(inputs, "autoscaling.totalMaxNodeCount"), 5);
  });

  it("for tasks cost nothing when idle and take no pod that does not ask for them", async () => {
    const { resources } = await recordGke({
      cluster: { nodes: { diskType: "pd-standard" }, spotNodes: {}, gpuNodes: { spot: true } },
    });
    const { inputs: spot } = registration(resources, poolType, "mlops-spot");
    assert.deepEqual(spot.autoscaling, { totalMinNodeCount: 0, totalMaxNodeCount: 3, locationPolicy: "ANY" });
    assert.equal(spot.initialNodeCount, 0);
    assert.equal(at(spot, "nodeConfig.spot"), true);
    const spotTaint = { key: "mlops/spot", value: "true", effect: "NO_SCHEDULE" };
    assert.deepEqual(at(spot, "nodeConfig.taints"), [spotTaint]);
    assert.deepEqual(at(spot, "nodeConfig.labels"), { "mlops/pool": "spot" });
    const { inputs: gpu } = registration(resources, poolType, "mlops-gpu");
    const gpuTaint = { key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" };
    assert.deepEqual(at(gpu, "nodeConfig.taints"), [spotTaint, gpuTaint]);
    assert.deepEqual(at(gpu, "nodeConfig.guestAccelerators"), [
      { type: "nvidia-l4", count: 1, gpuDriverInstallationConfig: { gpuDriverVersion: "DEFAULT" } },
    ]);
    assert.equal(at(gpu, "nodeConfig.diskType"), "pd-balanced", "which is the disk that its machines have");
    const { inputs: platform } = registration(resources, poolType, "mlops-platform");
    assert.equal(at(platform, "nodeConfig.spot"), false, "what keeps state is on nodes that stay");
  });

  it("begin with their fewest nodes over all zones", () => {
    assert.equal(initialCount({ minCount: 1 }, 1), 1);
    assert.equal(initialCount({ minCount: 1 }, 3), 1);
    assert.equal(initialCount({ minCount: 4 }, 3), 2);
    assert.equal(initialCount({ minCount: 0 }, 3), 0);
  });
});
