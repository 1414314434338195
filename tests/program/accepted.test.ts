import assert from "node:assert/strict";
import { stacksOf } from "../../preview/stack.ts";
import { AcceptingCluster, uncheckableKinds } from "./accepting-cluster.ts";
import { testCluster } from "../cluster.ts";
import { allObjects, podMakers } from "./program-objects.ts";
import { exampleCases } from "./example-stacks.ts";
import { casesOf, folder, renderCase } from "./program-cases.ts";
import { skipWithReason } from "../skip.ts";

describe("a real API server", function () {
  this.timeout(300_000);
  let cluster: AcceptingCluster | undefined;
  const counts = { objects: 0, ofCharts: 0, pods: 0 };
  const uncheckable = new Set<string>();

  before(async function () {
    const found = await testCluster();
    if (typeof found === "string") return skipWithReason(this, found);
    cluster = new AcceptingCluster(found.kubeconfig);
  });

  after(async () => {
    await cluster?.remove();
    const { objects, ofCharts, pods } = counts;
    console.log(
      `      ${objects} different objects accepted, ${ofCharts} of them the chart's, and ${pods} pods of theirs`,
    );
    const kinds = [...uncheckable].join(", ");
    if (kinds !== "") console.log(`      not checkable here, since their cloud alone knows them: ${kinds}`);
  });

  for (const each of [...stacksOf(folder).flatMap(casesOf), ...exampleCases()]) {
    it(`accepts every object of ${each.stack}, ${each.title}`, async () => {
      assert.ok(cluster !== undefined);
      const rendering = await renderCase(each);
      uncheckableKinds(allObjects(rendering)).forEach((kind) => uncheckable.add(kind));
      counts.objects += await cluster.accept(rendering.objects.map(({ object }) => object));
      const charts = allObjects(rendering).slice(rendering.objects.length);
      const ofCharts = await cluster.accept(charts);
      counts.objects += ofCharts;
      counts.ofCharts += ofCharts;
      counts.pods += await cluster.acceptPods(podMakers(rendering));
    });
  }

  const metadata = { name: "wrong", namespace: "mlops" };
  it("refuses a field that does not exist", async () => {
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata, datum: {} };
    await assert.rejects(async () => cluster?.accept([object]), /datum/);
  });

  it("refuses a field that HTTPRoutes do not have", async () => {
    const spec = { hostname: ["mlflow.example.org"] };
    const route = { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute", metadata, spec };
    await assert.rejects(async () => cluster?.accept([route]), /hostname/);
  });

  it("refuses a field that PodMonitors do not have", async () => {
    const spec = { selector: {}, podMetricsEndpoints: [{ portName: "http" }] };
    const monitor = { apiVersion: "monitoring.coreos.com/v1", kind: "PodMonitor", metadata, spec };
    await assert.rejects(async () => cluster?.accept([monitor]), /portName/);
  });

  it("refuses a pod that is not restricted", async () => {
    const spec = { containers: [{ name: "main", image: "example.org/image:1" }] };
    await assert.rejects(
      async () => cluster?.acceptPods([{ apiVersion: "v1", kind: "Pod", metadata, spec }]),
      /restricted/,
    );
  });
});
