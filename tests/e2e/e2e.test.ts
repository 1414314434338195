import assert from "node:assert/strict";
import { testCluster } from "../cluster.ts";
import { skipWithReason } from "../skip.ts";
import { whyNoProcesses } from "./airflow-processes.ts";
import { configuration } from "./configuration.ts";
import { choosePlatform, connectAirflow, description, prepare } from "./deployment.ts";
import { removeNamespaces } from "./deploy.ts";
import { describeFaults } from "./faults.ts";
import { type KeyPair, newKeyPair } from "./key-pair.ts";
import { leftovers } from "./leftovers.ts";
import { resourceVersions } from "./objects-platform.ts";
import { Drill } from "./operations.ts";
import { describeParts } from "./parts.ts";
import { facts, runPipeline } from "./pipeline.ts";
import { Session } from "./session.ts";
import { wikimediaNamespace } from "./wikimedia.ts";

/** One story from an empty cluster to an empty cluster: each test finds what the one before has left. */
describe("the platform on a real cluster", function () {
  this.timeout(45 * 60_000);
  this.bail(true);
  const session = new Session();
  let kubeconfig = "";
  let keys: KeyPair = { identity: "", recipient: "" };

  const newPlatform = () => choosePlatform(kubeconfig, configuration(keys.recipient));

  before(async function () {
    const cluster = await testCluster();
    if (typeof cluster === "string") return skipWithReason(this, cluster);
    kubeconfig = cluster.kubeconfig;
    keys = await newKeyPair();
    session.platform = await newPlatform();
    const reason = session.platform.hasChart ? undefined : whyNoProcesses();
    if (reason !== undefined) return skipWithReason(this, reason);
    await prepare(session);
  });

  after(async () => {
    await session.close();
    if (kubeconfig !== "") await removeNamespaces(kubeconfig, [wikimediaNamespace]);
  });

  it("is deployed by a second try after one that was interrupted", async () => {
    await session.platform.interrupt();
    await session.platform.apply();
    await connectAirflow(session);
    console.log(`      ${description(session)}`);
  });

  describeParts(session);

  it("changes nothing when it is deployed again", async () => {
    const { platform } = session;
    const objects = await platform.objects();
    const before = await resourceVersions(platform.kubeconfig, objects);
    await platform.apply();
    assert.deepEqual(await resourceVersions(platform.kubeconfig, objects), before);
  });

  it("runs the pipeline from Wikimedia's views to predictions", async () => {
    await runPipeline(session);
    const { rows, mlflow } = await facts(session);
    assert.deepEqual([rows.views, rows.predictions], [1200, 14]);
    assert.deepEqual([mlflow.versions, mlflow.runs], [1, 1]);
  });

  describeFaults(session);

  describe("when the whole platform is lost", () => {
    let drill: Drill | undefined;

    it("a backup and the bucket are kept elsewhere", async () => {
      drill = new Drill(session, keys);
      await drill.backup();
    });

    it("a destroy leaves nothing in the cluster", async () => {
      await session.close();
      await session.platform.destroy();
      assert.deepEqual(await leftovers(session.platform), []);
    });

    it("a new platform with new keys gets everything back", async () => {
      session.platform = await newPlatform();
      await session.platform.apply();
      await connectAirflow(session);
      await drill?.restore();
      await drill?.compare();
    });

    it("and goes again without a trace", async () => {
      await session.close();
      await session.platform.destroy();
      assert.deepEqual(await leftovers(session.platform), []);
    });
  });
});
