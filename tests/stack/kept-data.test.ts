import assert from "node:assert/strict";
import type { Registration } from "../../lib/recording.ts";
import { dataOf } from "../../scripts/stack/kept-data.ts";
import { guardsOf } from "../../scripts/stack/protected.ts";
import { renderCase } from "../program/program-cases.ts";
import { recordedState } from "./recorded-state.ts";

const named = (urns: string[]) => urns.map((urn) => urn.split("::").at(-1)).sort();

/** What may stay for the sake of data: it runs nothing, and holds no password. */
const harmless = [
  "kubernetes:core/v1:Namespace",
  "kubernetes:core/v1:PersistentVolume",
  "kubernetes:core/v1:PersistentVolumeClaim",
  "random:index/randomBytes:RandomBytes",
  "random:index/randomId:RandomId",
];

describe("the data of a stack", () => {
  it("is its volumes, the encryption keys and the platform's id, by the URNs that the engine gives them", () => {
    assert.deepEqual(named(dataOf(recordedState("deployed"))), [
      "airflow-fernet-key-1",
      "airflow-fernet-key-2",
      "minio-data",
      "platform-id",
      "postgres-data",
      "prometheus-data",
    ]);
  });

  it("is not told without the Fernet key, where the state has a platform", () => {
    const { resources: all = [] } = recordedState("deployed").deployment;
    const resources = all.filter(({ urn }) => !urn.includes("::airflow-fernet-key-"));
    assert.throws(
      () => dataOf({ deployment: { resources } }),
      /^Error: the state has no Fernet key .*nothing was removed/,
    );
    assert.deepEqual(dataOf({ deployment: {} }), []);
  });

  for (const [title, config] of Object.entries({
    "as checked in": {},
    "with folders of the node and logs on a volume": {
      cluster: { kind: "minikube", dataFolder: "/data" },
      airflow: { dags: { kind: "hostPath", path: "/dags" }, logs: { kind: "volume", storageClass: "shared" } },
    },
  })) {
    it(`keeps nothing else that runs or is secret, ${title}`, async () => {
      const { resources } = await renderCase({ title, stack: "minikube", config });
      // The command takes the protection of the guards away, which depend on everything.
      const guards = guardsOf({ deployment: { resources } });
      const isProtected = resources
        .filter(({ protect, urn }) => protect && !guards.includes(urn))
        .map(({ urn }) => urn);
      assert.equal(guards.length, 2);
      const kept = needed(resources, [...dataOf({ deployment: { resources } }), ...isProtected]);
      const others = kept.filter(({ type }) => !type.startsWith("mlops:") && !type.startsWith("pulumi:"));
      assert.deepEqual(
        others.filter(({ type }) => !harmless.includes(type)).map(({ urn }) => urn),
        [],
      );
      assert.ok(others.some(({ name }) => name === "grafana-encryption-key"));
      assert.ok(others.length >= 6, JSON.stringify(named(others.map(({ urn }) => urn))));
    });
  }
});

/** What the engine keeps for the sake of resources: parents, what they depend on, and what that needs in its turn. */
function needed(resources: Registration[], urns: string[]): Registration[] {
  const kept = new Set<string>();
  const keep = (urn: string): void => {
    const resource = resources.find((one) => one.urn === urn);
    if (resource === undefined || kept.has(urn)) return;
    kept.add(urn);
    for (const next of [resource.parent, ...resource.dependencies]) keep(next);
  };
  urns.forEach(keep);
  return resources.filter(({ urn }) => kept.has(urn));
}
