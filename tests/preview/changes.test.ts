import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as gcp from "@pulumi/gcp";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { isChanged, stackChanges } from "../../preview/report/changes.ts";
import { markdownOf } from "../../preview/report/markdown.ts";
import { objectOf } from "../../lib/kubernetes/objects.ts";
import type { PolicyResult } from "../../preview/policies.ts";
import { record } from "../../preview/recorder/recorder.ts";
import { type Report, reportOf } from "../../preview/report/report.ts";

const config = { "mlops:cluster": '{"kind":"gke","region":"europe-west4"}' };
const stack = { project: "mlops", stack: "test", config, secretKeys: [] };

async function reportFor(program: () => unknown, policies: PolicyResult[] = []): Promise<Report> {
  const recording = await record(program);
  const objects = recording.resources.flatMap((resource) => {
    const object = objectOf(resource);
    return object === undefined ? [] : [{ resource, object }];
  });
  return reportOf({ ...recording, stack, objects, charts: [] }, policies);
}

const metadata = { name: "main", namespace: "mlops" };

/** A stack with a cluster's nodes, a disk and a way in, which is what costs. */
function cluster(options: { nodes: number; machineType: string; storageGiB: number; isPublic: boolean }) {
  return () => {
    const { nodes, machineType, storageGiB, isPublic } = options;
    const made = new gcp.container.Cluster("cluster", { location: "europe-west4" });
    new gcp.container.NodePool("default", {
      cluster: made.name,
      autoscaling: { totalMinNodeCount: nodes, totalMaxNodeCount: 2 * nodes },
      nodeConfig: { machineType, diskSizeGb: 100, diskType: "pd-balanced" },
    });
    const requests = { storage: `${storageGiB}Gi` };
    new k8s.core.v1.PersistentVolumeClaim("data", {
      metadata,
      spec: { storageClassName: "standard-rwo", resources: { requests } },
    });
    const type = isPublic ? "LoadBalancer" : "ClusterIP";
    new k8s.core.v1.Service("web", { metadata, spec: { type, ports: [{ port: 443 }] } });
  };
}

const small = { nodes: 1, machineType: "e2-standard-4", storageGiB: 20, isPublic: false };

/** Compares with a file beside this one; UPDATE=1 writes it. */
function matchesGolden(name: string, text: string): void {
  const path = join(import.meta.dirname, "golden", name);
  if (process.env.UPDATE !== undefined) writeFileSync(path, text);
  assert.equal(text, readFileSync(path, "utf8"), "UPDATE=1 accepts the new text");
}

describe("stackChanges", () => {
  it("shows everything that costs exactly", async () => {
    const before = await reportFor(cluster(small));
    const after = await reportFor(cluster({ nodes: 3, machineType: "e2-standard-8", storageGiB: 40, isPublic: true }));
    matchesGolden("costs.md", markdownOf([stackChanges("gke", before, after)], "origin/main"));
  });

  it("finds nothing in the same program", async () => {
    const [before, after] = [await reportFor(cluster(small)), await reportFor(cluster(small))];
    const changes = stackChanges("gke", before, after);
    assert.equal(isChanged(changes), false);
    assert.equal(
      markdownOf([changes], "main"),
      "# Preview\n\nAgainst `main`, rendered offline.\n\nNothing changes in `gke`.\n",
    );
  });

  it("takes a stack that is missing on one side as all added or all removed", async () => {
    const report = await reportFor(cluster(small));
    const [added, removed] = [stackChanges("gke", undefined, report), stackChanges("gke", report, undefined)];
    assert.deepEqual([added.added.length, added.removed.length], [4, 0]);
    assert.deepEqual([removed.added.length, removed.removed.length], [0, 4]);
    assert.deepEqual(
      removed.billed.map(({ item, after }) => [item, after]),
      [
        ["control plane cluster", undefined],
        ["nodes default", undefined],
        ["volume mlops/main", undefined],
      ],
    );
  });

  it("shows that a secret is new and never what it is", async () => {
    const secret = (data: Record<string, string>) => () => {
      new k8s.core.v1.Secret("main", { metadata, stringData: pulumi.secret(data) });
    };
    const before = await reportFor(secret({ password: "kept-1" }));
    const after = await reportFor(secret({ password: "changed-2", token: "new-3" }));
    const changes = stackChanges("gke", before, after);
    assert.doesNotMatch(JSON.stringify(changes), /kept-1|changed-2|new-3/);
    assert.deepEqual(changes.changed[0]?.fields, [
      { path: "stringData.token", before: undefined, after: "[secret]", replaces: false },
    ]);
  });

  it("shows a chart's values apart, and protection as a field", async () => {
    const program = (tag: string, protect: boolean) => () => {
      new k8s.helm.v4.Chart("airflow", { chart: "airflow", version: "1.22.0", values: { images: { tag } } });
      new gcp.storage.Bucket("data", { location: "EU" }, { protect });
    };
    const changes = stackChanges("gke", await reportFor(program("1", false)), await reportFor(program("2", true)));
    assert.deepEqual(changes.chartValues, [
      { release: "airflow", fields: [{ path: "images.tag", before: "1", after: "2" }] },
    ]);
    assert.deepEqual(
      changes.changed.map(({ name, fields }) => [name, fields]),
      [["data", [{ path: "(option) protect", before: undefined, after: true, replaces: false }]]],
    );
  });

  it("tells new violations from those that were there and those that are gone", async () => {
    const result = (...violations: string[]): PolicyResult[] => [
      { policy: "p", severity: "low", enforcement: "mandatory", description: "", remediation: "", violations },
    ];
    const empty = () => undefined;
    const { policies } = stackChanges(
      "gke",
      await reportFor(empty, result("old", "kept")),
      await reportFor(empty, result("kept", "new")),
    );
    assert.deepEqual(
      [policies.broken, policies.fixed].map((list) => list.map(({ violation }) => violation)),
      [["new"], ["old"]],
    );
  });

  describe("of what a provider replaces", () => {
    const disk = (storageClassName: string, storageGiB: number) => () => {
      const requests = { storage: `${storageGiB}Gi` };
      new k8s.core.v1.PersistentVolumeClaim("minio-data", {
        metadata,
        spec: { storageClassName, resources: { requests } },
      });
      new gcp.compute.Network("net", { description: storageClassName, routingMode: "REGIONAL" });
    };
    const settings = (allowDataLoss: string[], environment?: string) => ({
      environment,
      allowDataLoss,
      networkPolicies: true,
      registries: [],
    });

    it("says which field does it, which data goes, and refuses that unless it is allowed", async () => {
      const [before, after] = [await reportFor(disk("fast", 20)), await reportFor(disk("faster", 40))];
      const changes = stackChanges("sc", before, after, settings(["postgres-data"]));
      assert.deepEqual(
        changes.changed.map(({ name, replaces, fields }) => [
          name,
          replaces,
          fields.filter((field) => field.replaces).map(({ path }) => path),
        ]),
        [
          ["minio-data", true, ["spec.storageClassName"]],
          ["net", true, ["description"]],
        ],
      );
      assert.deepEqual(
        changes.losses.map(({ data, how, fields, isIntended }) => ({ data, how, fields, isIntended })),
        [{ data: "minio-data", how: "replaced", fields: ["spec.storageClassName"], isIntended: false }],
      );
      assert.deepEqual(
        changes.policies.broken.map(({ policy, enforcement }) => [policy, enforcement]),
        [["data-not-deleted", "mandatory"]],
      );
      for (const allowed of [settings(["minio-data"]), settings([], "development")]) {
        assert.deepEqual(stackChanges("sc", before, after, allowed).policies.broken, []);
      }
    });

    it("finds no loss in a larger volume, nor in a stack's file that is gone", async () => {
      const [before, after] = [await reportFor(disk("fast", 20)), await reportFor(disk("fast", 40))];
      assert.deepEqual(stackChanges("sc", before, after).losses, []);
      assert.deepEqual(stackChanges("sc", before, undefined).losses, []);
    });

    it("takes a volume that is removed as lost, and a project only if it is not listed as removed", async () => {
      const project = (name: string, protect: boolean) => () => {
        const labels = { "app.kubernetes.io/component": "project" };
        if (protect) new k8s.core.v1.Namespace(name, { metadata: { name, labels } });
        new random.RandomId(`${name}-entry`, { byteLength: 4, keepers: { namespace: name } }, { protect });
      };
      const empty = await reportFor(() => undefined);
      const volume = stackChanges("sc", await reportFor(disk("fast", 20)), empty);
      assert.deepEqual(
        volume.policies.broken.map(({ violation }) => violation),
        [
          "PersistentVolumeClaim mlops/main is deleted with its data: name minio-data in allowDataLoss if the data may be lost",
        ],
      );
      const before = await reportFor(project("news", true));
      const forgotten = stackChanges("sc", before, empty);
      assert.match(
        forgotten.policies.broken[0]?.violation ?? "",
        /^Namespace news is deleted.*: keep news in projects with removed: true/,
      );
      const removed = stackChanges("sc", before, await reportFor(project("news", false)));
      assert.deepEqual([removed.losses.map(({ name }) => name), removed.policies.broken], [["news"], []]);
    });

    it("takes a namespace that becomes the site's own as kept", async () => {
      const inComponent = (create: boolean) => () => {
        const parent = new pulumi.ComponentResource("mlops:namespace:RestrictedNamespace", "ml");
        if (create) new k8s.core.v1.Namespace("ml", { metadata: { name: "ml" } }, { parent });
      };
      const [before, after] = [await reportFor(inComponent(true)), await reportFor(inComponent(false))];
      assert.deepEqual(stackChanges("sc", before, after).losses, []);
      const gone = stackChanges("sc", before, await reportFor(() => undefined));
      assert.deepEqual(
        gone.losses.map(({ data }) => data),
        ["namespace"],
      );
    });
  });

  it("compares with a report that knew less", async () => {
    const { resources, outputs, policies } = await reportFor(cluster(small));
    const earlier: Parameters<typeof stackChanges>[1] = { resources, outputs, policies };
    assert.equal(isChanged(stackChanges("gke", earlier, await reportFor(cluster(small)))), false);
  });
});
