import assert from "node:assert/strict";
import { dataNameOf } from "../../config/data-holders.ts";
import { dataNames } from "../../config/data-names.ts";
import type { Registration } from "../../lib/recording.ts";
import { renderCase } from "../program/program-cases.ts";

const entryType = "random:index/randomId:RandomId";

function render(config: Record<string, unknown>, stack = "minikube") {
  return renderCase({ title: "", stack, config });
}

/** What of a stack's cluster is protected, by name. */
function protectedIn(resources: readonly Registration[]): string[] {
  return resources.flatMap(({ type, name, protect }) => (protect && /^(kubernetes|random):/.test(type) ? [name] : []));
}

const logs = { airflow: { executor: "CeleryExecutor", logs: { kind: "volume", storageClass: "shared" } } };
const labels = { "cost-center": "ml" };

describe("the protection of a stack's data", function () {
  this.timeout(60_000);

  it("covers each volume, the platform's namespace and each project, with labels or without", async () => {
    const projects = [{ name: "examples" }];
    for (const config of [
      { ...logs, projects },
      { ...logs, projects, labels },
    ]) {
      const { resources } = await render(config);
      assert.deepEqual(protectedIn(resources).toSorted(), [
        "airflow-logs",
        "examples-entry",
        "minio-data",
        "mlops",
        "postgres-data",
        "prometheus-data",
      ]);
    }
  });

  it("leaves out what may be lost, and everything of a stack for development", async () => {
    const projects = [{ name: "examples" }];
    const allowDataLoss = ["minio-data", "namespace", "project-namespaces"];
    const { resources } = await render({ projects, allowDataLoss });
    assert.deepEqual(protectedIn(resources).toSorted(), ["postgres-data", "prometheus-data"]);
    const development = await render({ projects, labels: { environment: "development" } });
    assert.deepEqual(protectedIn(development.resources), []);
  });

  it("does not depend on the deletion protection of a cloud", async () => {
    const { resources } = await render({ cluster: { deletionProtection: false } }, "eks");
    assert.ok(protectedIn(resources).includes("minio-data"));
  });

  it("leaves a folder of the node alone, which stays when its claim goes", async () => {
    const { resources } = await render({ cluster: { dataFolder: "/data" } });
    const claims = resources.filter(
      ({ type, name }) => type.endsWith(":PersistentVolumeClaim") && name.startsWith("page"),
    );
    assert.deepEqual(
      claims.map(({ name, protect }) => [name, protect]),
      [["pageviews-data", false]],
    );
  });

  it("has a name in allowDataLoss for everything that holds data, in every stack", async () => {
    const known: readonly string[] = dataNames;
    const found = new Set<string>();
    for (const stack of ["minikube", "gke", "eks"]) {
      for (const config of [{}, logs]) {
        const { resources } = await render(config, stack);
        const names = new Set(resources.flatMap((one) => dataNameOf(one) ?? []));
        names.forEach((name) => found.add(name));
        const inCloud = ["bucket", "cluster", "database"].filter((name) => names.has(name));
        assert.deepEqual(inCloud, stack === "minikube" ? ["cluster"] : ["bucket", "cluster", "database"], stack);
      }
    }
    assert.deepEqual([...found].toSorted(), [...known].toSorted());
  });
});

describe("a removed project", function () {
  this.timeout(60_000);

  it("has nothing in the cluster or in the program, and an entry that a later update may forget", async () => {
    const projects = [{ name: "examples" }, { name: "weather", removed: true, config: { A: "b" } }];
    const { resources } = await render({ projects });
    const own = resources.filter((one) => JSON.stringify([one.name, one.inputs]).includes("weather"));
    assert.deepEqual(
      own.map(({ type, protect }) => [type, protect]),
      [
        ["mlops:project-entry:ProjectEntry", false],
        [entryType, false],
      ],
    );
  });

  it("has the entry that it had before, so that the state's one is changed", async () => {
    const urn = async (removed: boolean) => {
      const { resources } = await render({ projects: [{ name: "pageviews", removed }] });
      return resources.find(({ type }) => type === entryType)?.urn;
    };
    assert.notEqual(await urn(true), undefined);
    assert.equal(await urn(true), await urn(false));
  });
});
