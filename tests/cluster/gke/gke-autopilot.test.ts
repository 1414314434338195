import assert from "node:assert/strict";
import { gkePodRequests, gkeSpotMarks } from "../../../components/cluster/gke/data/autopilot.ts";
import { requestingSpec } from "../../../lib/kubernetes/pod-requests.ts";
import { platformJson } from "../../../components/project/platform-json.ts";
import { at, listAt } from "../../../lib/json.ts";
import { podSpecOf } from "../../../lib/kubernetes/demand.ts";
import { knownObjects } from "../../../preview/chart-pods.ts";
import { billedItemsOf } from "../../../preview/cost/billed.ts";
import { costOf } from "../../../preview/cost/cost.ts";
import type { Rendering } from "../../../preview/render.ts";
import { imagesOf } from "../../../components/images.ts";
import { renderCase } from "../../program/program-cases.ts";
import { fields, registration } from "../../program/registrations.ts";
import { gkeConfig, project, recordGke } from "./gke-cases.ts";

const autopilot = { autopilot: true };
const clusterType = "gcp:container/cluster:Cluster";

describe("a GKE cluster as an Autopilot", () => {
  it("has no pool and no setting of nodes but their account and the closed port of their kubelet", async () => {
    const { resources } = await recordGke({ cluster: autopilot });
    const { inputs, ignoreChanges } = registration(resources, clusterType, "mlops");
    assert.equal(inputs.enableAutopilot, true);
    assert.deepEqual(inputs.clusterAutoscaling, {
      autoProvisioningDefaults: {
        serviceAccount: `mlops-nodes@${project}.iam.gserviceaccount.com`,
        oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
      },
    });
    assert.deepEqual(inputs.nodePoolAutoConfig, { nodeKubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" } });
    // The provider refuses the first four with Autopilot, and Google decides the others.
    for (const key of [
      ...["enableShieldedNodes", "removeDefaultNodePool", "defaultMaxPodsPerNode", "networkPolicy"],
      ...["initialNodeCount", "nodeConfig", "nodeLocations", "datapathProvider", "addonsConfig"],
    ]) {
      assert.equal(inputs[key], undefined, key);
    }
    assert.deepEqual(ignoreChanges, ["privateClusterConfig.enablePrivateEndpoint"]);
    assert.deepEqual(
      resources.filter(({ type }) => type === "gcp:container/nodePool:NodePool"),
      [],
    );
  });

  it("is as private, hardened and watched as one with node pools", async () => {
    const inputsOf = async (cluster: object) =>
      registration((await recordGke({ cluster })).resources, clusterType, "mlops").inputs;
    const [one, other] = [await inputsOf(autopilot), await inputsOf({})];
    for (const key of [
      ...["privateClusterConfig", "controlPlaneEndpointsConfig", "workloadIdentityConfig", "securityPostureConfig"],
      ...["rbacBindingConfig", "loggingConfig", "monitoringConfig", "maintenancePolicy", "deletionProtection"],
    ]) {
      assert.ok(one[key] !== undefined, key);
      assert.deepEqual(one[key], other[key], key);
    }
  });

  it("lets its nodes pull and go out before the first pod is made", async () => {
    const { resources } = await recordGke({ cluster: autopilot });
    const { dependencies } = registration(resources, "pulumi:providers:kubernetes", "cluster");
    const types = ["gcp:compute/routerNat:RouterNat", "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember"];
    for (const type of types) {
      assert.ok(
        resources.some((resource) => resource.type === type && dependencies.includes(resource.urn)),
        type,
      );
    }
  });
});

describe("the pods on an Autopilot", () => {
  let rendering: Rendering;
  const rule = gkePodRequests(autopilot);

  before(async () => {
    rendering = await renderCase({ title: "", stack: "gke", config: { cluster: autopilot } });
  });

  const pods = () =>
    [...rendering.objects.map(({ object }) => object), ...rendering.charts.flatMap((one) => knownObjects(one.rendered))]
      .filter((object) => podSpecOf(object) !== undefined)
      .map((object) => ({ name: `${object.kind} ${object.metadata.name}`, spec: podSpecOf(object) ?? {} }));

  it("request what it would otherwise change, so that a second update changes nothing", () => {
    assert.ok(rule !== undefined && pods().length > 15);
    const wanted = pods().map(({ name, spec }) => [
      name,
      at(requestingSpec(spec, { ...rule, disk: [1e9, 1e9] }), "containers"),
    ]);
    assert.deepEqual(
      pods().map(({ name, spec }) => [name, spec.containers]),
      wanted,
    );
  });

  it("have the disk that their folders take", () => {
    const disk = "8704Mi";
    const { spec } = pods().find(({ name }) => name === "Deployment mlflow") ?? {};
    const [server] = listAt(spec, "containers");
    for (const kind of ["requests", "limits"]) {
      assert.equal(fields(at(server, `resources.${kind}`))["ephemeral-storage"], disk);
    }
  });

  it("are what is billed, in place of nodes", () => {
    const items = billedItemsOf(rendering);
    assert.deepEqual(
      items.filter(({ kind }) => kind === "nodes"),
      [],
    );
    const cluster = JSON.stringify({ kind: "gke", region: "us-central1" });
    const cost = costOf(items, { project: "mlops", config: { "mlops:cluster": cluster } });
    assert.ok(cost !== undefined);
    assert.deepEqual(cost.missing, []);
    assert.deepEqual(
      cost.free.map(({ once }) => once),
      ["billing account"],
    );
    const { monthlyUsd = 0 } = cost.lines.find(({ item }) => item.startsWith("pods")) ?? {};
    assert.ok(monthlyUsd > 50 && monthlyUsd < 100, String(monthlyUsd));
  });

  it("are spot ones by Google's own label and taint", () => {
    const label = "cloud.google.com/gke-spot";
    assert.deepEqual(gkeSpotMarks(autopilot), { label, spot: "true", taint: label });
    assert.equal(gkeSpotMarks({ spotNodes: {} }), undefined);
  });

  it("of tasks are told their disk and their spot nodes by platform.json", () => {
    const told = (cluster: object) => {
      const config = gkeConfig({ cluster });
      return JSON.parse(platformJson({ config, images: imagesOf(config), dataFolder: undefined })) as unknown;
    };
    assert.deepEqual(at(told(autopilot), "spotNodes"), { tasksByDefault: false, ...gkeSpotMarks(autopilot) });
    const byDefault = { ...autopilot, spotNodes: { tasksByDefault: true } };
    assert.equal(at(told(byDefault), "spotNodes.tasksByDefault"), true);
    const [base] = listAt(told(autopilot), "projects.pageviews.pod.spec.containers");
    assert.deepEqual(at(base, "resources.requests"), { "ephemeral-storage": "1536Mi", cpu: "100m", memory: "256Mi" });
    assert.equal(at(told({}), "spotNodes"), undefined);
  });
});
