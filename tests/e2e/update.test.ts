import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { testCluster } from "../cluster.ts";
import { type EngineProject, engineProject, findCli } from "../engine/project.ts";
import { skipWithReason } from "../skip.ts";
import { whyNoProcesses } from "./airflow-processes.ts";
import { configuration } from "./configuration.ts";
import { DataBefore } from "./data-before.ts";
import { connectAirflow, prepare } from "./deployment.ts";
import { newKeyPair } from "./key-pair.ts";
import { leftovers } from "./leftovers.ts";
import { listed } from "./node-images.ts";
import { nodeImageStore, noNode } from "./node.ts";
import { chart, folder } from "../program/program-cases.ts";
import { pulumiPlatform } from "./pulumi-platform.ts";
import { removeNamespaces } from "./deploy.ts";
import { Session } from "./session.ts";
import { verify } from "./verify.ts";
import { imagesBefore, namePublicImages, tagBefore, versionBefore } from "./version-before.ts";
import { wikimediaNamespace } from "./wikimedia.ts";

/** A platform that an earlier version has deployed meets this one. */
describe("an update in place from the version before", function () {
  this.timeout(45 * 60_000);
  this.bail(true);
  const session = new Session();
  const data = new DataBefore(session);
  const added: string[] = [];
  let version = "";
  let kubeconfig = "";
  let recipient = "";
  let project: EngineProject | undefined;

  before(async function () {
    const cluster = await testCluster();
    if (typeof cluster === "string") return skipWithReason(this, cluster);
    kubeconfig = cluster.kubeconfig;
    const cli = findCli() ?? skipWithReason(this, "no Pulumi CLI is found");
    const reason = chart === undefined ? whyNoProcesses() : undefined;
    if (reason !== undefined) return skipWithReason(this, reason);
    const store = nodeImageStore(kubeconfig) ?? skipWithReason(this, noNode);
    const held = await Promise.all(imagesBefore.map((image) => store.has(image)));
    if (held.includes(false)) return skipWithReason(this, "no node holds the images of the version before");
    version = (await versionBefore()) ?? skipWithReason(this, "the checkout has no history");
    added.push(...(await namePublicImages(store, version)));
    await listed(kubeconfig, [...imagesBefore, ...added]);
    recipient = (await newKeyPair()).recipient;
    project = await engineProject(cli, "Pulumi.minikube.yaml", () => undefined, version);
    session.platform = await pulumiPlatform(
      project,
      kubeconfig,
      { ...configuration(recipient), imageTag: tagBefore },
      { preview: { folder: version, stack: "minikube" } },
    );
    await prepare(session);
  });

  after(async () => {
    await session.close();
    if (kubeconfig !== "") await removeNamespaces(kubeconfig, [wikimediaNamespace]);
    const store = kubeconfig === "" ? undefined : nodeImageStore(kubeconfig);
    for (const name of added) await store?.remove(name);
    if (version !== "") await rm(version, { recursive: true });
  });

  it("finds a platform of that version, with rows, objects, runs, a model and a connection", async () => {
    await session.platform.apply();
    await connectAirflow(session);
    await data.write();
    await data.assertThere();
  });

  it("keeps all of them readable", async () => {
    assert.ok(project);
    await session.close();
    await project.replace(folder);
    session.platform = await pulumiPlatform(project, kubeconfig, configuration(recipient));
    await session.platform.apply();
    await connectAirflow(session);
    await data.assertThere();
  });

  it("is a platform that make verify finds nothing wrong with", async () => {
    const report = await verify(await session.verifyArgs());
    assert.deepEqual(
      report.checks.filter(({ state }) => state === "failed"),
      [],
    );
  });

  it("goes without a trace", async () => {
    await session.close();
    await session.platform.destroy();
    assert.deepEqual(await leftovers(session.platform), []);
  });
});
