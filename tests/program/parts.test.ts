import assert from "node:assert/strict";
import { type PodGroupName, podGroupNames, podGroups, webUiNames, webUis } from "../../components/parts.ts";
import { isObject, listAt } from "../../lib/json.ts";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";
import { fields } from "./registrations.ts";
import { casesOf, renderCase } from "./program-cases.ts";
import { containersOf, podMakers } from "./program-objects.ts";

const portsOf = (group: string) => Object.values(podGroups[group as PodGroupName].ports ?? {});

describe("the parts' descriptions", () => {
  it("name ports that the other part says it has", () => {
    for (const from of podGroupNames) {
      for (const { group, ports } of podGroups[from].reaches ?? []) {
        assert.ok(group in podGroups, `${from} reaches ${group}`);
        for (const port of ports) assert.ok(portsOf(group).includes(port), `${from} reaches ${group}:${port}`);
      }
      for (const { job, port } of podGroups[from].metrics ?? []) assert.ok(portsOf(from).includes(port), job);
    }
  });

  it("give each series of metrics a job of its own, and each UI a node port and an output of its own", () => {
    const jobs = podGroupNames.flatMap((group) => (podGroups[group].metrics ?? []).map(({ job }) => job));
    assert.equal(new Set(jobs).size, jobs.length);
    for (const key of ["nodePort", "output"] as const)
      assert.equal(new Set(webUiNames.map((name) => webUis[name][key])).size, webUiNames.length);
    for (const name of webUiNames) assert.ok(portsOf(webUis[name].pods).includes(webUis[name].port), name);
  });

  for (const title of ["as checked in", "CeleryExecutor, DAGs by image"]) {
    it(`have every pod of the platform in exactly one group: ${title}`, async () => {
      const each = casesOf("minikube").find((one) => one.title.startsWith(title));
      assert.ok(each !== undefined);
      const makers = podMakers(await renderCase(each));
      assert.ok(makers.length > 10);
      for (const maker of makers) {
        const labels = podLabels(maker);
        const groups = podGroupNames.filter(
          (group) => podGroups[group].namespace !== "projects" && selects(podGroups[group].labels, labels),
        );
        assert.equal(groups.length, 1, `${maker.kind} ${maker.metadata.name}: ${groups.join(", ")}`);
      }
    });
  }

  it("name every port that a container of the program's own pods opens", async () => {
    const [each] = casesOf("minikube");
    assert.ok(each !== undefined);
    for (const maker of podMakers(await renderCase(each))) {
      const labels = podLabels(maker);
      const group = podGroupNames.find((one) => selects(podGroups[one].labels, labels) && one !== "tasks");
      const opened = containersOf(maker).flatMap(({ container }) => listAt(container, "ports").filter(isObject));
      for (const { containerPort } of opened)
        assert.ok(portsOf(group ?? "").includes(Number(containerPort)), `${String(group)}:${String(containerPort)}`);
    }
  });
});

/** Labels of the pods that an object makes. */
function podLabels(maker: KubernetesObject): Record<string, unknown> {
  const spec = fields(maker.kind === "Pod" ? maker : maker.spec);
  const template = maker.kind === "CronJob" ? fields(fields(fields(spec.jobTemplate).spec).template) : spec.template;
  return fields(fields(fields(maker.kind === "Pod" ? maker : template).metadata).labels);
}

const selects = (labels: Record<string, string>, pod: Record<string, unknown>) =>
  Object.entries(labels).every(([key, value]) => pod[key] === value);
