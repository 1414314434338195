import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { kubectl } from "../cluster.ts";
import { engineOnCluster, type EngineProject } from "./project.ts";

/**
 * The parts of the real program that hold data or guard it, with claims that no class of the cluster ever serves.
 *
 * With SENTENCE=no the program itself does not look: the engine's protection is alone then.
 */
const program = `
import * as k8s from "@pulumi/kubernetes";
import { createCluster } from "./components/cluster/create.ts";
import { refuseLosses } from "./components/ownership/deployed.ts";
import { RestrictedNamespace } from "./components/objects/namespace.ts";
import { PlatformIdentity } from "./components/ownership/platform-sign.ts";
import { ProjectEntry } from "./components/project/project-entry.ts";
import { protectData } from "./components/ownership/protection.ts";
import { volumeClaim } from "./components/objects/volume-claim.ts";
import { keepsData } from "./config/data-names.ts";
import { dataOutput, dataLocations } from "./config/data-output.ts";
import { readConfig } from "./config.ts";

export default async () => {
  const config = readConfig();
  if (process.env.SENTENCE !== "no") await refuseLosses(config);
  protectData(config);
  const cluster = createCluster(config, []);
  const opts = { providers: [cluster.provider] };
  const { sign } = new PlatformIdentity("platform", { platformId: config.platformId }, opts);
  const { namespaceName: namespace } = new RestrictedNamespace(config.namespace, { component: "platform", sign, networkPolicies: true }, opts);
  const { storageClass } = cluster.capabilities;
  for (const name of ["minio-data", "postgres-data", "prometheus-data"]) {
    const claim = volumeClaim({ name, component: name, namespace, storageClass, storageGiB: 1 });
    new k8s.core.v1.PersistentVolumeClaim(name, claim, { provider: cluster.provider });
  }
  const protect = keepsData(config.labels);
  for (const name of config.removedProjects) new ProjectEntry(name, { namespace: name, protect: false }, opts);
  for (const { name } of config.projects) {
    new ProjectEntry(name, { namespace: name, protect }, opts);
    new RestrictedNamespace(name, { component: "project", sign, networkPolicies: true }, opts);
  }
  return { [dataOutput]: dataLocations(config) };
};
`;

const namespace = "losses-platform";
const projects = [{ name: "losses-news" }, { name: "losses-views" }];

describe("a change that would delete data", function () {
  this.timeout(600_000);
  let project: EngineProject | undefined;
  let kubeconfig = "";
  let context = "";

  before(async function () {
    ({ kubeconfig, project } = await engineOnCluster(this, program));
    context = (await kubectl(kubeconfig, ["config", "current-context"])).stdout.trim();
    await up({});
  });

  after(async () => {
    await project?.pulumi("destroy", "--yes", "--skip-preview", "--ignore-protect", "--stack", "test");
    await project?.remove();
  });

  async function up(change: Record<string, unknown>, sentence = true, ...args: string[]): Promise<string> {
    assert.ok(project !== undefined);
    const cluster = { kind: "existing", context, kubeconfig, storageClass: "losses-fast" };
    const values = Object.entries({ cluster, namespace, projects, ...change });
    const config = Object.fromEntries(values.map(([key, value]) => [`mlops:${key}`, value]));
    await writeFile(join(project.folder, "Pulumi.test.yaml"), stringify({ encryptionsalt: await salt(), config }));
    project.env.SENTENCE = sentence ? "yes" : "no";
    return project.pulumi("up", "--yes", "--stack", "test", ...args);
  }

  /** What the CLI has written for the passphrase at the stack's beginning. */
  let known = "";
  async function salt(): Promise<string> {
    if (known === "" && project !== undefined) {
      const { stdout } = { stdout: await project.pulumi("stack", "export", "--stack", "test") };
      const state = JSON.parse(stdout) as { deployment: { secrets_providers?: { state?: { salt?: string } } } };
      known = state.deployment.secrets_providers?.state?.salt ?? "";
    }
    return known;
  }

  /** Namespaces and claims with their identities: an object that was made again has another one. */
  async function present(): Promise<string> {
    const names = [namespace, ...projects.map(({ name }) => name)];
    const columns = "custom-columns=NAME:.metadata.name,UID:.metadata.uid";
    const { stdout } = await kubectl(kubeconfig, ["get", "namespaces", ...names, "--no-headers", "--output", columns]);
    const claims = ["get", "persistentvolumeclaims", "--namespace", namespace, "--no-headers", "--output", columns];
    return stdout + (await kubectl(kubeconfig, claims)).stdout;
  }

  const changes: Record<string, [change: () => Record<string, unknown>, sentence: RegExp, byEngine: RegExp]> = {
    "another storage class": [
      () => ({ cluster: { kind: "existing", context, kubeconfig, storageClass: "losses-faster" } }),
      /cluster\.storageClass: found "losses-faster"; allowed: losses-fast, the class of minio-data, postgres-data, prometheus-data/,
      /unable to replace resource ".*::(minio|postgres|prometheus)-data"[\s\S]*marked for protection/,
    ],
    "another namespace": [
      () => ({ namespace: "losses-other" }),
      /namespace: found "losses-other"; allowed: losses-platform, the platform's current namespace/,
      /unable to replace resource[\s\S]*marked for protection|cannot be deleted/,
    ],
    "a renamed project": [
      () => ({ projects: [{ name: "losses-news" }, { name: "losses-looks" }] }),
      /projects: found losses-looks in place of losses-views; allowed: losses-views with removed: true/,
      /losses-views-entry" cannot be deleted[\s\S]*protect/,
    ],
  };
  for (const [title, [change, sentence, byEngine]] of Object.entries(changes)) {
    it(`is refused with its sentence, and without it by the engine, and nothing changed: ${title}`, async () => {
      const before = await present();
      await assert.rejects(up(change()), sentence);
      await assert.rejects(up(change(), false), byEngine);
      assert.equal(await present(), before);
    });
  }

  it("goes on where the configuration names the volume: that one is made again, and no other", async () => {
    const before = (await present()).split("\n");
    const cluster = { kind: "existing", context, kubeconfig, storageClass: "losses-faster" };
    const allowDataLoss = ["minio-data", "postgres-data", "prometheus-data"];
    // A preview asks the API server whether it takes the new claim while the old one is there: it does not.
    await up({ cluster, allowDataLoss }, true, "--skip-preview");
    const after = (await present()).split("\n");
    assert.deepEqual(
      after.filter((line) => !before.includes(line)).map((line) => line.split(/\s+/)[0]),
      ["minio-data", "postgres-data", "prometheus-data"],
    );
    await up({ allowDataLoss }, true, "--skip-preview");
    await up({});
  });

  it("removes a project that is listed as removed in one update, and forgets it in a later one", async () => {
    await up({ projects: [{ name: "losses-news" }, { name: "losses-views", removed: true }] });
    const { stdout } = await kubectl(kubeconfig, ["get", "namespace", "losses-views", "--ignore-not-found"]);
    assert.equal(stdout, "");
    await up({ projects: [{ name: "losses-news" }] });
    const state = await project?.pulumi("stack", "export", "--stack", "test");
    assert.doesNotMatch(state ?? "", /losses-views/);
  });

  it("is a destroy too, which `make destroy` refuses before anything is removed", async () => {
    assert.ok(project !== undefined);
    const before = (await kubectl(kubeconfig, ["get", "namespace", namespace, "losses-news", "--output", "name"]))
      .stdout;
    await assert.rejects(
      project.make("destroy", "STACK=test", "YES=1"),
      /stack test protects .*: nothing was removed\./,
    );
    const after = await kubectl(kubeconfig, ["get", "namespace", namespace, "losses-news", "--output", "name"]);
    assert.equal(after.stdout, before);
  });
});
