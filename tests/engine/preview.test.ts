import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { charts } from "../../components/charts.ts";
import { nameOf } from "../../lib/kubernetes/objects.ts";
import { programPath } from "../../lib/programs/tools.ts";
import { render } from "../../preview/render.ts";
import { testCluster } from "../cluster.ts";
import { chart, folder } from "../program/program-cases.ts";
import { skipWithReason } from "../skip.ts";
import { engineProject, findCli } from "./project.ts";

interface Step {
  op: string;
  urn: string;
  newState?: { type: string; inputs?: { kind?: string; metadata?: { name?: string; namespace?: string } } };
}

describe("pulumi preview of the minikube stack against a running cluster", function () {
  this.timeout(600_000);
  let steps: Step[] = [];
  let expected: { urns: string[]; chartObjects: string[] } = { urns: [], chartObjects: [] };

  before(async function () {
    const cli = findCli();
    if (cli === undefined) return skipWithReason(this, "no Pulumi CLI is found");
    const cluster = await testCluster();
    if (typeof cluster === "string") return skipWithReason(this, cluster);
    if (chart === undefined || programPath("helm") === undefined)
      return skipWithReason(this, "AIRFLOW_CHART names no chart that helm can render");
    // As after `make chart`: the stack's file names no chart, and the deployment takes the package that is kept.
    const tools = await mkdtemp(join(tmpdir(), "tools-"));
    const before = process.env.MLOPS_TOOLS;
    process.env.MLOPS_TOOLS = tools;
    try {
      await copyFile(chart, join(tools, `${charts.airflow.name}-${charts.airflow.version}.tgz`));
      const project = await engineProject(cli, "Pulumi.minikube.yaml", (config) => {
        const { kubeconfig } = cluster;
        // The address as minikube gives it: node ports are the expectation.
        config["mlops:cluster"] = { kind: "minikube", kubeconfig, nodeAddress: "192.168.49.2" };
      });
      try {
        const output = await project.pulumi("preview", "--json", "--stack", project.stack);
        ({ steps } = JSON.parse(output) as { steps: Step[] });
      } finally {
        await project.remove();
      }
    } finally {
      process.env.MLOPS_TOOLS = before;
      await rm(tools, { recursive: true });
    }
    const rendering = await render({ folder, stack: "minikube", chart });
    expected = {
      urns: rendering.resources.map(({ urn }) => inTestStack(urn)),
      chartObjects: rendering.charts.flatMap(({ rendered }) => rendered.objects?.map(nameOf) ?? []),
    };
  });

  const isChartChild = ({ urn }: Step) => urn.includes("helm.sh/v4:Chart$");
  const isOfProgram = ({ urn }: Step) => !urn.includes("pulumi:pulumi:Stack::") && !urn.includes("pulumi:providers:");

  it("creates the same resources by URN", () => {
    const seen = steps.filter((step) => !isChartChild(step) && isOfProgram(step)).map(({ urn }) => urn);
    assert.deepEqual(seen.sort(), expected.urns.filter((urn) => !urn.includes("pulumi:providers:")).sort());
    assert.ok(steps.every(({ op }) => op === "create"));
  });

  it("creates the chart's objects, the same by kind and name", () => {
    const seen = steps.filter(isChartChild).map(({ newState }) => {
      const { kind = "", metadata = {} } = newState?.inputs ?? {};
      return nameOf({
        apiVersion: "",
        kind,
        metadata: {
          name: metadata.name ?? "",
          ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
        },
      });
    });
    assert.deepEqual(seen.sort(), expected.chartObjects.sort());
    assert.ok(seen.length > 10, `${seen.length} objects`);
  });
});

function inTestStack(urn: string): string {
  return urn.replace("urn:pulumi:minikube::", "urn:pulumi:test::");
}
