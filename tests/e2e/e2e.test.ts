import assert from "node:assert/strict";
import { webUiNames, webUis } from "../../components/parts.ts";
import { credentials } from "../../scripts/platform/credentials.ts";
import { withForward } from "../../scripts/platform/forward.ts";
import { basicAuthorization } from "../../scripts/verify/interfaces.ts";
import { at } from "../../lib/json.ts";
import { testCluster } from "../cluster.ts";
import { skipWithReason } from "../skip.ts";
import { whyNoProcesses } from "./airflow-processes.ts";
import { configuration } from "./configuration.ts";
import { choosePlatform, connectAirflow, description, prepare } from "./deployment.ts";
import { removeNamespaces } from "./deploy.ts";
import { doctorSuite } from "./doctor.ts";
import { describeFaults } from "./faults.ts";
import { type KeyPair, newKeyPair } from "./key-pair.ts";
import { describeKeptData } from "./kept-data.ts";
import { leftovers } from "./leftovers.ts";
import { resourceVersions } from "./objects-platform.ts";
import { opensInterfaces } from "./open-interfaces.ts";
import { Drill } from "./operations.ts";
import { describeParts } from "./parts.ts";
import { facts, runPipeline, succeeded } from "./pipeline.ts";
import { recordScrape } from "./recorded-scrape.ts";
import { recordState } from "./recorded-state.ts";
import { rotationTests } from "./rotation.ts";
import { assertDashboardKept, saveDashboard } from "./saved-dashboard.ts";
import { Session } from "./session.ts";
import { describeUpgrades } from "./upgrade.ts";
import { verify } from "./verify.ts";
import { wikimediaNamespace } from "./wikimedia.ts";

/** A pool that the stack's configuration has. */
const pool = { slots: 3, description: "made by the stack", includeDeferred: true };

/** One story from an empty cluster to an empty cluster: each test finds what the one before has left. */
describe("the platform on a real cluster", function () {
  this.timeout(45 * 60_000);
  this.bail(true);
  const session = new Session();
  let kubeconfig = "";
  let keys: KeyPair = { identity: "", recipient: "" };

  const recordedState = async (name: string) => {
    const { checkpoint } = session.platform;
    if (process.env.RECORD_STATE !== undefined && checkpoint !== undefined) recordState(name, await checkpoint());
  };
  const newPlatform = () =>
    choosePlatform(kubeconfig, { ...configuration(keys.recipient), airflow: { pools: { e2e: pool } } });

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

  // A suite each, because mocha runs a suite's own tests before the suites in it.
  describe("deployed", () => {
    it("is ready by a second try after one that was interrupted", async () => {
      await session.platform.interrupt();
      await recordedState("interrupted");
      await session.platform.apply();
      await recordedState("deployed");
      await connectAirflow(session);
      console.log(`      ${description(session)}`);
    });

    it("passes make verify before anything else ran", async () => {
      const report = await verify(await session.verifyArgs());
      assert.deepEqual(
        report.checks.filter(({ state }) => state === "failed"),
        [],
      );
      assert.ok(report.passed > 10, JSON.stringify(report.checks));
    });

    it("has the pools of the stack's configuration in Airflow", async function () {
      if (!session.platform.hasChart) return skipWithReason(this, "Airflow does not run in the cluster");
      const found = await session.airflow.request("GET", "/pools/e2e");
      assert.deepEqual([at(found, "slots"), at(found, "include_deferred")], [pool.slots, pool.includeDeferred]);
    });

    it("changes nothing when it is deployed again", async () => {
      const { platform } = session;
      const objects = await platform.objects();
      const before = await resourceVersions(platform.kubeconfig, objects);
      await platform.apply();
      assert.deepEqual(await resourceVersions(platform.kubeconfig, objects), before);
    });
  });

  describeParts(session);

  describe("at work", () => {
    it("runs the pipeline from Wikimedia's views to predictions", async () => {
      await runPipeline(session);
      const { rows, mlflow } = await facts(session);
      assert.deepEqual([rows.views, rows.predictions], [2 * 732, 14]);
      assert.deepEqual([mlflow.versions, mlflow.runs], [1, 1]);
    });

    it("keeps a dashboard that a user saves in Grafana, beyond its pod", async function () {
      if (!(await saveDashboard(session))) return skipWithReason(this, "no node holds Grafana's image");
      await session.kubectl("delete", "pod", "--selector", "app.kubernetes.io/name=grafana");
      await session.kubectl("rollout", "status", "deployment/grafana", "--timeout=300s");
      await assertDashboardKept(session);
    });

    it("opens its interfaces by make open", async () => {
      const { hasChart } = session.platform;
      const inCluster = webUiNames.filter((ui) => (ui === "airflow" ? hasChart : !session.isLeftOut(ui)));
      await opensInterfaces(session.target, inCluster);
    });

    const { RECORD_SCRAPE: stack } = process.env;
    if (stack !== undefined) {
      it("has its metrics recorded for the tests of dashboards and alerts", async () => {
        const { prometheus } = credentials(session.target);
        assert.ok(prometheus);
        const headers = { authorization: basicAuthorization(prometheus) };
        const { pods: service, port } = webUis.prometheus;
        await withForward(session.target, service, port, (local) =>
          recordScrape(`http://127.0.0.1:${local}`, headers, stack),
        );
      });
    }
  });

  describeKeptData(session);

  describeFaults(session);

  describeUpgrades(session);

  doctorSuite(() => session.platform);

  rotationTests(() => session.platform);

  describe("after the rotation", () => {
    it("runs on with what is new", async () => {
      await session.restartAirflow();
      await succeeded(session.airflow, "pageviews_predict");
      await assertDashboardKept(session);
    });
  });

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
