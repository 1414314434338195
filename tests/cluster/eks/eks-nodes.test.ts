import assert from "node:assert/strict";
import { at, textAt } from "../../../lib/json.ts";
import type { Recording } from "../../../lib/recording.ts";
import { registration } from "../../program/registrations.ts";
import { recordEks } from "./eks-recording.ts";

const groupType = "aws:eks/nodeGroup:NodeGroup";

describe("the nodes of an EKS cluster", () => {
  let recording: Recording;
  before(async () => {
    recording = await recordEks();
  });
  const find = (type: string, name: string) => registration(recording.resources, type, name);
  const inputs = (type: string, name: string) => find(type, name).inputs;

  it("have metadata that no pod reaches, encrypted disks and tags for the bill", () => {
    const { userData, ...template } = inputs("aws:ec2/launchTemplate:LaunchTemplate", "cluster-nodes-platform");
    const tags = {
      "managed-by": "pulumi",
      "part-of": "mlops",
      "cost-center": "ml",
      Name: "cluster-nodes-platform",
    };
    assert.deepEqual(template, {
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { volumeType: "gp3", volumeSize: 100, encrypted: "true", deleteOnTermination: "true" },
        },
      ],
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({ resourceType, tags })),
      updateDefaultVersion: true,
    });
    assert.match(Buffer.from(String(userData), "base64").toString(), /kind: NodeConfig[^]*maxPods: 110\n/);
  });

  it("are a group in each zone, whose size is the autoscaler's", () => {
    const group = find(groupType, "cluster-nodes-platform-b");
    assert.deepEqual(group.ignoreChanges, ["scalingConfig.desiredSize"]);
    assert.deepEqual(group.inputs, {
      clusterName: "mlops",
      version: "1.35",
      releaseVersion: "recommended-for-1.35",
      nodeRoleArn: "arn:aws:iam::111122223333:role/mlops/cluster-nodes",
      subnetIds: ["cluster-network-private-b-id"],
      amiType: "AL2023_x86_64_STANDARD",
      capacityType: "ON_DEMAND",
      instanceTypes: ["m7i.xlarge"],
      launchTemplate: { id: "cluster-nodes-platform-id", version: "1" },
      scalingConfig: { minSize: 0, maxSize: 3, desiredSize: 0 },
      updateConfig: { maxUnavailable: 1 },
      nodeRepairConfig: { enabled: true },
      labels: { "mlops/pool": "platform" },
      taints: [],
    });
  });

  it("with a GPU have a system that brings the device plugin", async () => {
    const { resources } = await recordEks({ gpuNodes: { spot: true } });
    const group = registration(resources, groupType, "cluster-nodes-gpu").inputs;
    assert.deepEqual(
      [group.amiType, group.capacityType, group.instanceTypes, group.scalingConfig],
      ["BOTTLEROCKET_x86_64_NVIDIA", "SPOT", ["g6.xlarge"], { minSize: 0, maxSize: 1, desiredSize: 0 }],
    );
    assert.deepEqual(group.taints, [
      { key: "nvidia.com/gpu", value: "true", effect: "NO_SCHEDULE" },
      { key: "mlops/spot", value: "true", effect: "NO_SCHEDULE" },
    ]);
    const { userData, metadataOptions, blockDeviceMappings } = registration(
      resources,
      "aws:ec2/launchTemplate:LaunchTemplate",
      "cluster-nodes-gpu",
    ).inputs;
    assert.equal(Buffer.from(String(userData), "base64").toString(), "[settings.kubernetes]\nmax-pods = 110\n");
    assert.equal(at(metadataOptions, "httpTokens"), "required");
    const common = { volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" };
    assert.deepEqual(blockDeviceMappings, [
      { deviceName: "/dev/xvda", ebs: common },
      { deviceName: "/dev/xvdb", ebs: { ...common, volumeSize: 100 } },
    ]);
  });

  it("enforce NetworkPolicies, and give the add-ons that call AWS roles of their own", () => {
    const addon = (name: string) => {
      const own = inputs("aws:eks/addon:Addon", name);
      const settings = textAt(own, "configurationValues");
      return { settings: settings && (JSON.parse(settings) as unknown), role: own.serviceAccountRoleArn };
    };
    const arn = (role: string) => `arn:aws:iam::111122223333:role/mlops/${role}`;
    assert.deepEqual(addon("cluster-network-addons-vpc-cni"), {
      settings: {
        enableNetworkPolicy: "true",
        env: { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1", NETWORK_POLICY_ENFORCING_MODE: "strict" },
      },
      role: arn("cluster-addon-roles-vpc-cni"),
    });
    assert.deepEqual(addon("cluster-addons-aws-ebs-csi-driver"), {
      settings: {
        controller: { extraVolumeTags: { "managed-by": "pulumi", "part-of": "mlops", "cost-center": "ml" } },
      },
      role: arn("cluster-addon-roles-aws-ebs-csi-driver"),
    });
    for (const name of ["cluster-network-addons-kube-proxy", "cluster-addons-coredns"]) {
      assert.deepEqual(addon(name), { settings: undefined, role: undefined });
    }
  });
});
