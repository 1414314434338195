import assert from "node:assert/strict";
import { nameOf } from "../../lib/kubernetes/objects.ts";
import { skipWithReason } from "../skip.ts";
import { type Objects, objectsIn } from "./bucket.ts";
import { connectAirflow } from "./deployment.ts";
import { leftovers } from "./leftovers.ts";
import { type Facts, facts, succeeded } from "./pipeline.ts";
import { assertDashboardKept } from "./saved-dashboard.ts";
import type { Session } from "./session.ts";

/** Airflow encrypts the password and the value. */
const connection = { connection_id: "kept", conn_type: "postgres", host: "db.example.org", password: "kept-password" };
const variable = { key: "kept_variable", value: "kept-value" };

/** `make destroy KEEP_DATA=1`, and a deploy on what it has left. */
export function describeKeptData(session: Session): void {
  describe("destroyed with its data kept", () => {
    let before: { facts: Facts; objects: Objects } | undefined;

    it("leaves its volumes and the namespace that they are in", async function () {
      const { platform } = session;
      if (platform.destroyKeepingData === undefined) return skipWithReason(this, "no Pulumi CLI is found");
      await session.airflow.request("POST", "/connections", connection);
      await session.airflow.request("POST", "/variables", variable);
      before = { facts: await facts(session), objects: await objectsIn(session) };
      assert.notDeepEqual(before.objects, {});
      const claims = (await platform.objects()).filter(({ kind }) => kind === "PersistentVolumeClaim").map(nameOf);
      await session.close();
      await platform.destroyKeepingData();
      const left = await leftovers(platform);
      assert.deepEqual(
        left.map((line) => line.replace(/^(\S+)\s+(\S+)\s+(\S+)$/, "$1/$2/$3")).sort(),
        [...claims, `namespace/${platform.namespace}`].sort(),
      );
    });

    it("comes back with its rows, runs, models and files, and reads what Airflow had encrypted", async function () {
      if (before === undefined) return skipWithReason(this, "no Pulumi CLI is found");
      await session.platform.apply();
      await connectAirflow(session);
      assert.deepEqual(await facts(session), before.facts);
      const after = await objectsIn(session);
      const lost = Object.entries(before.objects).filter(([name, checksum]) => after[name] !== checksum);
      assert.deepEqual(lost, []);
      const shown = await session.airflowCommand("connections", "get", connection.connection_id, "--output", "json");
      assert.match(shown, new RegExp(`"password": "${connection.password}"`));
      assert.match(await session.airflowCommand("variables", "get", variable.key), new RegExp(variable.value));
      await succeeded(session.airflow, "pageviews_predict");
      await assertDashboardKept(session);
    });
  });
}
