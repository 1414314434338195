import assert from "node:assert/strict";
import { airflowConnections, projectConnections } from "../../components/postgres/connection-limits.ts";
import { serverArguments } from "../../components/postgres/postgres-settings.ts";
import { validate } from "../../config.ts";
import { stacksOf } from "../../preview/stack.ts";
import { folder, renderCase } from "../program/program-cases.ts";
import { allObjects } from "../program/program-objects.ts";
import { fields } from "../program/registrations.ts";
import { at } from "../../lib/json.ts";

/** Postgres keeps these for superusers. */
const reserved = 3;

describe("the connections that clients may hold", function () {
  this.timeout(60_000);
  const setting = serverArguments.find((argument) => argument.startsWith("max_connections="));
  const most = Number(setting?.split("=")[1]) - reserved;

  for (const stack of stacksOf(folder)) {
    it(`of ${stack} are bounded, and together no more than the server in the cluster takes`, async () => {
      const objects = allObjects(await renderCase({ title: stack, stack, config: {} }));
      const map = objects.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "databases-spec");
      const spec = String(fields(at(map, "data"))["spec.json"]);
      const { roles } = JSON.parse(spec) as { roles: { connectionLimit: number }[] };
      const limits = roles.map(({ connectionLimit }) => connectionLimit);
      assert.ok(limits.length >= 5 && limits.every((limit) => limit > 0), limits.join());
      const together = limits.reduce((sum, limit) => sum + limit, 0);
      assert.ok(together <= most, `${together} of ${most}`);
    });
  }

  it("of a project follow the pods that its quota lets run", () => {
    const quota = { cpu: "4", memory: "8Gi", pods: 20 };
    assert.equal(projectConnections({ quota }), 30);
    assert.equal(projectConnections({ quota: { ...quota, pods: 50 } }), 60);
  });

  it("of Airflow are more with Celery's workers and second replicas", () => {
    const { airflow } = validate({ cluster: { kind: "minikube" } });
    assert.equal(airflowConnections(airflow), 60);
    assert.equal(airflowConnections({ ...airflow, highAvailability: true }), 80);
    assert.equal(airflowConnections({ ...airflow, executor: "CeleryExecutor", celeryWorkers: 2 }), 70);
  });
});
