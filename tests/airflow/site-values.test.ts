import assert from "node:assert/strict";
import { mergedObjects } from "../../components/airflow/site/layers.ts";
import { nearMisses } from "../../components/airflow/site/near-misses.ts";
import { ownerOfValue } from "../../components/airflow/site/owned-values.ts";
import { chartValues } from "../../components/airflow/values.ts";
import { at } from "../../lib/json.ts";
import { stackChanges } from "../../preview/report/changes.ts";
import { markdownOf } from "../../preview/report/markdown.ts";
import { reportOf } from "../../preview/report/report.ts";
import { textOf } from "../../preview/report/text.ts";
import { registration } from "../program/registrations.ts";
import { skipWithReason } from "../skip.ts";
import { deploy, type Deployment, executors, options } from "./cases.ts";
import { objectsIn, podsOf, record, records, renderText, whyNotRendered } from "./rendered.ts";

const site = {
  scheduler: { resources: { limits: { cpu: "3" } }, priorityClassName: "high" },
  apiServer: { apiServerConfig: "AUTH_ROLE_PUBLIC = None\n" },
  volumes: [{ name: "scratch", emptyDir: {} }],
  volumeMounts: [{ name: "scratch", mountPath: "/scratch" }],
  triggerer: { env: [{ name: "LIMIT", value: "3" }], livenessProbe: { timeoutSeconds: 120 } },
};
const deployment: Deployment = { airflow: { values: site } };

describe("values that are laid over others", () => {
  it("merge objects, and replace lists and everything else", () => {
    const generated = { a: { b: 1, c: 2 }, list: [1, 2], text: "x", kept: true };
    const own = { a: { b: 3, d: null }, list: [], text: { now: "an object" } };
    assert.deepEqual(mergedObjects(generated, own), {
      a: { b: 3, c: 2, d: null },
      list: [],
      text: { now: "an object" },
      kept: true,
    });
  });

  it("merge lists by the names of what is in them, mounts by their paths", () => {
    const generated = {
      env: [
        { name: "A", value: "1" },
        { name: "B", value: "2" },
      ],
      mounts: [{ name: "v", mountPath: "/a" }],
    };
    const own = {
      env: [
        { name: "C", value: "3" },
        { name: "A", value: "4" },
      ],
      mounts: [{ name: "v", mountPath: "/b" }],
    };
    assert.deepEqual(mergedObjects(generated, own), {
      env: [
        { name: "A", value: "4" },
        { name: "B", value: "2" },
        { name: "C", value: "3" },
      ],
      mounts: [
        { name: "v", mountPath: "/a" },
        { name: "v", mountPath: "/b" },
      ],
    });
  });
});

describe("the misspelt paths of a site's values", () => {
  it("are those that the platform does not set and that are near one that it sets", () => {
    const own = {
      scheduler: { resorces: {}, priorityClassName: "x", podAnnotations: {} },
      apiserver: {},
      quotas: {},
    };
    assert.deepEqual(nearMisses(chartValues(options()), own), [
      { path: "scheduler.resorces", nearest: "scheduler.resources" },
      { path: "apiserver", nearest: "apiServer" },
    ]);
  });
});

describe("the chart values that the platform owns", () => {
  it("are refused by what they say, wherever they stand", () => {
    const because = (path: string, value: unknown) => ownerOfValue(path.split("."), value);
    assert.deepEqual(because("executor", "LocalExecutor"), { use: "airflow.executor" });
    for (const path of ["uid", "securityContexts.pod.runAsUser", "scheduler.securityContexts.container.runAsUser"]) {
      assert.notEqual(because(path, 0), undefined, path);
      assert.equal(because(path, 50001), undefined, path);
    }
    assert.notEqual(because("volumes.0.hostPath", { path: "/" }), undefined);
    assert.equal(because("createUserJob.useHelmHooks", false), undefined);
    assert.equal(because("scheduler.replicas", 2), undefined);
  });

  it("have among them every Secret by name, of every executor", () => {
    for (const executor of executors) {
      const names = pathsOf(chartValues(options({ executor }))).filter(({ path }) =>
        path.at(-1)?.endsWith("SecretName"),
      );
      assert.ok(names.length > 5);
      // What stands in `data` is refused as a whole.
      const free = names.filter(({ path, value }) =>
        path.every((_, i) => ownerOfValue(path.slice(0, i + 1), value) === undefined),
      );
      assert.deepEqual(free, []);
    }
  });
});

describe("a site's chart values", () => {
  it("are laid over the generated ones, and shown as outputs of the component", async () => {
    const { resources } = await deploy(deployment);
    const { values } = registration(resources, "kubernetes:helm.sh/v4:Chart", "airflow").inputs;
    assert.equal(at(values, "scheduler.resources.limits.cpu"), "3");
    assert.equal(at(values, "scheduler.resources.limits.memory"), "1536Mi");
    const { overriddenValues } = registration(resources, "mlops:airflow:Airflow", "airflow").outputs;
    const changes = records(overriddenValues).map(({ path, before, after }) => [path, before, after]);
    assert.deepEqual(changes.slice(0, 4), [
      ["apiServer.apiServerConfig", undefined, "AUTH_ROLE_PUBLIC = None\n"],
      ["scheduler.priorityClassName", undefined, "high"],
      ["scheduler.resources.limits.cpu", "2", "3"],
      ["triggerer.env[LIMIT].value", undefined, "3"],
    ]);
  });

  it("are in the preview with what they replace, and in its difference", async () => {
    const stack = { project: "mlops", stack: "test", config: {}, secretKeys: [] };
    const report = async (values: object) =>
      reportOf({ ...(await deploy({ airflow: { values } })), stack, objects: [], charts: [] }, []);
    const own = await report({ scheduler: { resources: { limits: { cpu: "3" } }, resorces: { limits: {} } } });
    const text = textOf(own);
    assert.ok(text.includes("\nscheduler.resources.limits.cpu\n  generated: 2\n  yours: 3\n"), text);
    assert.match(
      text,
      /\nscheduler\.resorces\.limits \(did you mean scheduler\.resources\?\)\n {2}generated: nothing\n {2}yours: \{\}\n/,
    );
    const changes = markdownOf([stackChanges("test", await report({}), own)], "main");
    assert.ok(
      changes.includes("`scheduler.resources.limits.cpu`: `2` → `3` by `airflow.values`, in place of `2`"),
      changes,
    );
    assert.ok(!textOf(await report({})).includes("airflow.values"));
  });

  it("leave nothing among the outputs where there are none", async () => {
    const { resources } = await deploy();
    assert.equal("overriddenValues" in registration(resources, "mlops:airflow:Airflow", "airflow").outputs, false);
  });

  it("render, and keep the platform's own volumes and variables", async function () {
    this.timeout(60_000);
    const reason = whyNotRendered();
    if (reason !== undefined) return skipWithReason(this, reason);
    const pods = podsOf(objectsIn(await renderText(await deploy(deployment))));
    const pod = (name: string) => pods.find(({ maker }) => maker === name) ?? assert.fail(name);
    const { spec, containers } = pod("airflow-scheduler");
    assert.equal(spec.priorityClassName, "high");
    assert.equal(at(containers[0], "resources.limits.cpu"), "3");
    const volumes = records(spec.volumes).map(({ name }) => name);
    for (const name of ["platform", "postgres-ca", "scratch"]) assert.ok(volumes.includes(name), name);
    const variables = records(pod("airflow-triggerer").containers[0]?.env).map(({ name }) => name);
    for (const name of ["LIMIT", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]) assert.ok(variables.includes(name), name);
    assert.equal(record(pod("airflow-triggerer").containers[0]?.livenessProbe).timeoutSeconds, 120);
  });
});

function pathsOf(value: unknown, path: string[] = []): { path: string[]; value: unknown }[] {
  const inner = Object.entries(record(value)).flatMap(([key, item]) => pathsOf(item, [...path, key]));
  return [{ path, value }, ...inner];
}
