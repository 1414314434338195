import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Checkpoint } from "../../scripts/stack/state.ts";
import { kubectl } from "../cluster.ts";
import { engineOnCluster, type EngineProject } from "./project.ts";

/** The parts of the real program that create or read a namespace, and ask whose it is. */
const program = `
import { createCluster } from "./components/cluster/create.ts";
import { RestrictedNamespace } from "./components/objects/namespace.ts";
import { admission } from "./components/ownership/admission.ts";
import { PlatformIdentity } from "./components/ownership/platform-sign.ts";
import { protectData } from "./components/ownership/protection.ts";
import { readConfig } from "./config.ts";

export default async () => {
  const config = readConfig();
  protectData(config);
  const cluster = createCluster(config, []);
  const opts = { providers: [cluster.provider] };
  const { sign } = new PlatformIdentity("platform", { platformId: config.platformId, admit: admission(config, cluster) }, opts);
  const { createNamespaces: create } = config;
  new RestrictedNamespace(config.namespace, { component: "platform", create, sign, networkPolicies: true }, opts);
  return { platformId: sign.id };
};
`;

const namespace = "site-namespaces";

describe("a namespace that the site creates", function () {
  this.timeout(300_000);
  let project: EngineProject | undefined;
  let kubeconfig = "";
  let context = "";
  let platformId = "";
  let uid = "";

  before(async function () {
    ({ kubeconfig, project } = await engineOnCluster(this, program));
    context = (await kubectl(kubeconfig, ["config", "current-context"])).stdout.trim();
    await up({});
    platformId = (await project.pulumi("stack", "output", "platformId", "--stack", "test")).trim();
    uid = await inNamespace("{.metadata.uid}");
  });

  after(async () => {
    if (kubeconfig === "") return;
    await kubectl(kubeconfig, ["delete", "namespace", namespace, "--ignore-not-found", "--wait=false"]);
    await project?.remove();
  });

  async function up(change: Record<string, unknown>): Promise<string> {
    assert.ok(project !== undefined);
    const cluster = { kind: "existing", context, kubeconfig };
    const values = Object.entries({ cluster, namespace, projects: [], ...change });
    const config = Object.fromEntries(values.map(([key, value]) => [`mlops:${key}`, value]));
    const file = join(project.folder, "Pulumi.test.yaml");
    // The salt that the CLI has written stays.
    const { encryptionsalt } = parse(await readFile(file, "utf8")) as { encryptionsalt?: string };
    await writeFile(file, stringify({ encryptionsalt, config }));
    return project.pulumi("up", "--yes", "--skip-preview", "--stack", "test");
  }

  async function inNamespace(path: string): Promise<string> {
    return (await kubectl(kubeconfig, ["get", "namespace", namespace, `--output=jsonpath=${path}`])).stdout;
  }

  it("may have been the program's, which then no longer owns it and does not delete it", async () => {
    await up({ createNamespaces: false, platformId });
    assert.equal(await inNamespace("{.metadata.uid}"), uid);
    const exported = await project?.pulumi("stack", "export", "--stack", "test");
    const { deployment } = JSON.parse(exported ?? "") as Checkpoint;
    const [found, ...others] = (deployment.resources ?? []).filter(({ type }) => type.endsWith(":Namespace"));
    assert.deepEqual([found?.external, found?.protect ?? false, others], [true, false, []]);
  });

  it("is refused without the platform's label, with the command that adds it", async () => {
    await kubectl(kubeconfig, ["label", "namespace", namespace, "mlops/platform-"]);
    await assert.rejects(up({ createNamespaces: false, platformId }), (error: Error) => {
      assert.match(error.message, /The namespace site-namespaces has no label mlops\/platform/);
      assert.match(error.message, new RegExp(`label namespace ${namespace} mlops/platform=${platformId} `));
      return true;
    });
    await kubectl(kubeconfig, ["label", "namespace", namespace, `mlops/platform=${platformId}`]);
  });

  it("stays when the stack is destroyed, without what the program has created in it", async () => {
    await project?.pulumi("destroy", "--yes", "--skip-preview", "--stack", "test");
    assert.equal(await inNamespace("{.metadata.uid}"), uid);
    const { stdout } = await kubectl(kubeconfig, ["get", "networkpolicies", "--namespace", namespace, "--output=name"]);
    assert.equal(stdout, "");
  });
});
