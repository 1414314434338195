import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { kubectl } from "../cluster.ts";
import { engineOnCluster, type EngineProject } from "./project.ts";

/**
 * Two stacks of one program: `cluster` puts out a kubeconfig as a cloud's cluster does, `test` takes it by a reference
 * and makes an object with it.
 */
const program = `
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { plainCapabilities } from "./components/cluster/cluster.ts";
import { ReferencedCluster } from "./components/cluster/referenced.ts";

export default () => {
  const config = new pulumi.Config("renewed");
  if (pulumi.getStack() === "cluster") return { handover: { kubeconfig: config.require("kubeconfig"), shared: {}, storage: {} } };
  const clusterStack = "organization/mlops/cluster";
  const postgres = { kind: "cluster" as const, storageGiB: 1, prefix: "", extensions: [] };
  const args = { clusterStack, capabilities: plainCapabilities, clients: [], postgres, shared: {} };
  const { provider } = new ReferencedCluster("cluster", args);
  new k8s.core.v1.ConfigMap("renewed", { metadata: { namespace: "default", name: "renewed" } }, { provider });
  return {};
};
`;

interface Preview {
  changeSummary: Record<string, number>;
  steps: { op: string; urn: string }[];
}

describe("a renewed kubeconfig", function () {
  this.timeout(600_000);
  let project: EngineProject | undefined;
  let kubeconfig = "";

  before(async function () {
    ({ kubeconfig, project } = await engineOnCluster(this, program));
    await project.pulumi("stack", "init", "cluster");
    await makeCluster(project, await readFile(kubeconfig, "utf8"));
    await project.pulumi("up", "--yes", "--skip-preview", "--stack", "test");
  });

  after(async () => {
    await project?.pulumi("destroy", "--yes", "--skip-preview", "--stack", "test");
    await project?.remove();
  });

  it("with other names, which a new certificate or endpoint would change too, replaces no object", async () => {
    assert.ok(project);
    await makeCluster(project, renewed(await readFile(kubeconfig, "utf8")));
    const preview = JSON.parse(await project.pulumi("preview", "--json", "--stack", "test")) as Preview;
    const replaced = preview.steps.filter(({ op }) => /replace|delete|create/.test(op));
    assert.deepEqual(replaced, []);
    const provider = preview.steps.find(({ urn }) => urn.includes("pulumi:providers:kubernetes"));
    assert.equal(provider?.op, "update", "the provider takes the new kubeconfig");
    await project.pulumi("up", "--yes", "--skip-preview", "--stack", "test");
    const { stdout } = await kubectl(kubeconfig, ["get", "configmap", "renewed", "--output", "name"]);
    assert.equal(stdout.trim(), "configmap/renewed");
  });
});

async function makeCluster(project: EngineProject, text: string): Promise<void> {
  const config = { "mlops:cluster": { kind: "minikube" }, "renewed:kubeconfig": text };
  await writeFile(join(project.folder, "Pulumi.cluster.yaml"), stringify({ config }));
  await project.pulumi("up", "--yes", "--skip-preview", "--stack", "cluster");
}

/** The same access under another context's name, by another name of the server. */
function renewed(text: string): string {
  const content = parse(text) as Record<string, unknown>;
  const [context, ...others] = content.contexts as { name: string }[];
  const contexts = [{ ...context, name: "renewed" }, ...others];
  return stringify({ ...content, contexts, "current-context": "renewed" });
}
