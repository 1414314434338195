import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as gcp from "@pulumi/gcp";
import * as k8s from "@pulumi/kubernetes";
import { type BilledItem, loadBalancer } from "../../components/cluster/billed.ts";
import { clouds, cloudsByKind } from "../../components/cluster/kinds.ts";
import { billedItemsOf } from "../../preview/cost/billed.ts";
import { costOf } from "../../preview/cost/cost.ts";
import { costMarkdown } from "../../preview/cost/cost-reference.ts";
import { costOfProfile, type ProfileCost, profiles } from "../../preview/cost/profiles.ts";
import { objectOf } from "../../lib/kubernetes/objects.ts";
import { record } from "../../preview/recorder/recorder.ts";
import { exampleCase } from "../program/example-stacks.ts";
import { renderCase } from "../program/program-cases.ts";

function stackOf(cluster: object) {
  return { project: "mlops", stack: "test", config: { "mlops:cluster": JSON.stringify(cluster) }, secretKeys: [] };
}

async function itemsOf(program: () => unknown): Promise<BilledItem[]> {
  const recording = await record(program);
  const objects = recording.resources.flatMap((resource) => {
    const object = objectOf(resource);
    return object === undefined ? [] : [{ resource, object }];
  });
  return billedItemsOf({ ...recording, stack: stackOf({}), objects, charts: [] });
}

function claim(name: string, storageClassName: string): void {
  const metadata = { name, namespace: "mlops" };
  const spec = { storageClassName, resources: { requests: { storage: "20Gi" } } };
  new k8s.core.v1.PersistentVolumeClaim(name, { metadata, spec });
}

function google(): void {
  new gcp.container.Cluster("cluster", {});
  new gcp.container.NodePool("default", {
    cluster: "cluster",
    autoscaling: { totalMinNodeCount: 2, totalMaxNodeCount: 4 },
    nodeConfig: { machineType: "e2-standard-4", diskSizeGb: 100, diskType: "pd-balanced" },
  });
  new gcp.container.NodePool("spot", {
    cluster: "cluster",
    autoscaling: { totalMinNodeCount: 0, totalMaxNodeCount: 3 },
    nodeConfig: { machineType: "e2-standard-4", spot: true },
  });
  new gcp.compute.RouterNat("nat", { router: "router", sourceSubnetworkIpRangesToNat: "ALL" });
  new gcp.compute.GlobalAddress("range", { purpose: "VPC_PEERING" });
  new gcp.sql.DatabaseInstance("postgres", {
    databaseVersion: "POSTGRES_18",
    settings: { tier: "db-custom-1-3840", diskType: "PD_SSD", diskSize: 20, availabilityType: "REGIONAL" },
  });
  claim("minio-data", "standard-rwo");
}

function amazon(): void {
  const template = new aws.ec2.LaunchTemplate("nodes", {
    blockDeviceMappings: [{ ebs: { volumeSize: 100, volumeType: "gp3" } }],
  });
  new aws.eks.Cluster("cluster", { roleArn: "role", vpcConfig: { subnetIds: [] } });
  new aws.eks.NodeGroup("default", {
    clusterName: "cluster",
    nodeRoleArn: "role",
    subnetIds: [],
    instanceTypes: ["m7i.xlarge"],
    scalingConfig: { minSize: 1, maxSize: 3, desiredSize: 1 },
    launchTemplate: { id: template.id, version: "1" },
  });
  new aws.ec2.NatGateway("nat", { subnetId: "subnet" });
  new aws.rds.Instance("postgres", {
    instanceClass: "db.t4g.medium",
    allocatedStorage: 20,
    storageType: "gp3",
    multiAz: false,
  });
  new k8s.storage.v1.StorageClass("encrypted", {
    metadata: { name: "encrypted" },
    provisioner: "ebs.csi.aws.com",
    parameters: { type: "gp3" },
  });
  claim("minio-data", "encrypted");
  for (const name of ["airflow", "mlflow"]) {
    const annotations = { "alb.ingress.kubernetes.io/group.name": "mlops" };
    new k8s.networking.v1.Ingress(name, { metadata: { name, namespace: "mlops", annotations }, spec: {} });
  }
}

describe("costOf", () => {
  it("prices a GKE stack", async () => {
    const cost = costOf(await itemsOf(google), stackOf({ kind: "gke", region: "us-central1" }));
    assert.deepEqual(
      cost?.lines.map(({ item, monthlyUsd }) => [item, monthlyUsd]),
      [
        // 2 × 0.0014 × 730, and its address
        ["NAT gateway nat", 5.69],
        ["control plane cluster", 73],
        // 2 × (30.149 + 3.75 × 5.11 + 20 × 0.17)
        ["database postgres", 105.42],
        // 2 × (97.8346 + 100 × 0.1)
        ["nodes default", 215.67],
        ["volume mlops/minio-data", 2],
      ],
    );
    assert.deepEqual([cost.totalUsd, cost.missing], [401.78, []]);
  });

  it("prices an EKS stack: the template's disks, one load balancer for a group of ingresses", async () => {
    const cost = costOf(await itemsOf(amazon), stackOf({ kind: "eks", region: "us-east-1" }));
    assert.deepEqual(
      cost?.lines.map(({ item, monthlyUsd }) => [item, monthlyUsd]),
      [
        ["NAT gateway nat", 32.85],
        ["control plane cluster", 73],
        ["database postgres", 49.75],
        // 16.425, and an address in each of three zones
        ["load balancer group mlops", 27.38],
        ["nodes default", 155.17],
        ["volume mlops/minio-data", 1.6],
      ],
    );
    assert.deepEqual([cost.totalUsd, cost.missing], [339.75, []]);
  });

  it("names what it has no price for, and counts the rest", async () => {
    const cost = costOf(await itemsOf(amazon), stackOf({ kind: "eks", region: "eu-central-1" }));
    assert.deepEqual(cost?.missing, [
      "NAT gateway nat: eks NAT gateway in eu-central-1",
      "database postgres: eks database db.t4g.medium in eu-central-1",
      "database postgres: eks database gp3 in eu-central-1",
      "load balancer group mlops: eks load balancer in eu-central-1",
      "load balancer group mlops: eks address in eu-central-1",
      "nodes default: eks disk gp3 in eu-central-1",
      "volume mlops/minio-data: eks disk gp3 in eu-central-1",
    ]);
    assert.equal(cost.totalUsd, 249.3);
  });

  it("names a size that nobody knows", () => {
    const item: BilledItem = { kind: "volume", name: "x", properties: { type: "pd-balanced", GiB: "?" } };
    const cost = costOf([item], stackOf({ kind: "gke", region: "us-central1" }));
    assert.deepEqual([cost?.totalUsd, cost?.missing], [0, ["volume x: gke disk pd-balanced in us-central1"]]);
  });

  it("has nothing to say of a cluster that is no cloud's", async () => {
    const items = await itemsOf(() => claim("data", "standard"));
    assert.equal(costOf(items, stackOf({ kind: "minikube" })), undefined);
    assert.equal(costOf(items, stackOf({ kind: "existing", context: "x" })), undefined);
  });
});

describe("what load balancers of Google cost", () => {
  const stack = stackOf({ kind: "gke", region: "us-central1" });
  const balancers = (count: number, type: string) =>
    Array.from({ length: count }, (_, i) => ({ name: `ui-${i}`, ...loadBalancer(type) }));

  it("is one price for up to five of them, and less for each further one", () => {
    const usd = [1, 5, 7].map((count) => costOf(balancers(count, "service"), stack)?.totalUsd);
    // 0.025 × 730, and two more for 0.01 × 730 each
    assert.deepEqual(usd, [18.25, 18.25, 32.83]);
    assert.equal(costOf(balancers(1, "ingress"), stack)?.totalUsd, 18.25);
  });
});

describe("the profiles", () => {
  const costs: ProfileCost[] = [];
  const types = new Set<string>();

  before(async () => {
    for (const profile of profiles) {
      const { stack, isExample } = profile;
      const ofStack = isExample ? exampleCase(stack) : { title: stack, stack, config: {} };
      const rendering = await renderCase(ofStack);
      costs.push(costOfProfile(profile, rendering));
      for (const { type } of rendering.resources) types.add(type);
    }
  });

  it("have a price for each of their resources, spot nodes included", () => {
    for (const { stack, cost, isExample, taskNodeUsd } of costs) {
      assert.deepEqual(cost.missing, [], stack);
      assert.equal(taskNodeUsd !== undefined, isExample, stack);
    }
  });

  it("have no resource of which it is not known how it is billed", () => {
    const ways = clouds.map(({ provider, billing: { items, nodeGroups, byUse, free } }) => ({
      provider,
      items,
      nodeGroups,
      byUse,
      free,
    }));
    const waysOf = (type: string) =>
      ways.map(
        ({ items, nodeGroups, byUse, free }) =>
          [type in items || type in nodeGroups, type in byUse, free.test(type)].filter(Boolean).length,
      );
    const ofClouds = [...types].filter((type) => ways.some(({ provider }) => type.startsWith(`${provider}:`)));
    assert.ok(ofClouds.length > 30);
    const known = ofClouds.filter((type) => waysOf(type).reduce((sum, count) => sum + count, 0) === 1);
    assert.deepEqual(
      ofClouds.filter((type) => !known.includes(type)),
      [],
    );
  });

  it("called small cost less than 150 USD a month on each cloud, before any free tier", () => {
    for (const { stack, cost } of costs.filter(({ isExample }) => isExample)) assert.ok(cost.totalUsd < 150, stack);
  });

  it("pay for the public address of each node where there is no NAT gateway", () => {
    const { cost } = costs.find(({ stack }) => stack === "small-eks") ?? {};
    const nodes = cost?.lines.find(({ kind }) => kind === "nodes")?.monthlyUsd;
    // m6a.large, 50 GiB of gp3, an address
    assert.equal(nodes, 70.72);
  });

  it("know what the free tier of Google pays", () => {
    const free = costs.map(({ stack, cost }) => [stack, cost.free.map(({ monthlyUsd }) => monthlyUsd)]);
    assert.deepEqual(Object.fromEntries(free), { gke: [], "small-gke": [73], eks: [], "small-eks": [] });
  });

  it("are on the page of prices, which is docs/cost.md", () => {
    const written = readFileSync(join(import.meta.dirname, "../../docs/cost.md"), "utf8");
    assert.equal(written, costMarkdown(costs), "run node_modules/.bin/node preview/cost/cost-reference.ts");
  });
});

for (const [kind, { billing }] of Object.entries(cloudsByKind)) {
  describe(`the price table of ${kind}`, () => {
    const { rows, sources, seen } = billing.prices;

    it("has one price for each thing in a region, above zero, with a source and its date", () => {
      const keys = rows.map(({ sku, region }) => `${sku} ${region}`);
      assert.equal(new Set(keys).size, keys.length);
      for (const { sku, usd } of rows) assert.ok(usd > 0 && usd < 10, sku);
      for (const [name, { url, asOf }] of Object.entries(sources)) {
        assert.ok(url.startsWith("https://") && /^(\d{4}(-\d{2}-\d{2})?|unknown)$/.test(asOf), name);
        assert.ok(
          rows.some(({ source }) => source === name),
          `${name} is the source of a price`,
        );
      }
      assert.match(seen, /^\d{4}-\d{2}-\d{2}$/);
    });
  });
}
