import assert from "node:assert/strict";
import { categoryOf } from "../../../preview/diagrams/categories.ts";
import { totalsOf, treeOf } from "../../../preview/diagrams/tree.ts";
import { treeText } from "../../../preview/diagrams/tree-text.ts";
import { record } from "../../../preview/recorder/recorder.ts";
import type { Recording } from "../../../lib/recording.ts";
import { render } from "../../../preview/render.ts";
import { folder } from "../../program/program-cases.ts";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

class Box extends pulumi.ComponentResource {
  constructor(name: string, ids: string[], opts?: pulumi.ComponentResourceOptions) {
    super("mlops:box:Box", name, {}, opts);
    for (const id of ids)
      new random.RandomId(`${name}-${id}`, { byteLength: 2 }, { parent: this, protect: id === "kept" });
  }
}

describe("the tree of a stack's components", () => {
  let recording: Recording;
  before(async () => {
    recording = await record(() => {
      new Box("b", ["one"]);
      const a = new Box("a", ["one", "two", "kept"]);
      new Box("a-x", ["one"], { parent: a });
      new Box("a-y", ["one"], { parent: a });
      return {};
    }, {});
  });

  it("has each component once, those with the same inside together", () => {
    assert.equal(
      treeText("test", treeOf(recording.resources)),
      [
        "test: 6 resources in components; * is protected from deletion",
        "├─ a (Box): 2 RandomId, 1 RandomId*",
        "│  └─ a-x, a-y (Box): 1 RandomId",
        "└─ b (Box): 1 RandomId",
        "",
      ].join("\n"),
    );
  });

  for (const stack of ["minikube", "gke", "eks"]) {
    it(`counts every resource of the stack ${stack}, and knows what its kind is for`, async () => {
      const { resources } = await render({ folder, stack, download: false });
      const totals = totalsOf(treeOf(resources));
      const counted = totals.reduce((sum, { count }) => sum + count, 0);
      assert.equal(counted, resources.filter(({ custom, remote }) => custom || remote).length);
      // A kind that is protected in part has two totals.
      const kinds = [...new Set(totals.map(({ kind }) => kind))];
      const others = kinds.filter((kind) => categoryOf(kind).name === "other");
      assert.deepEqual(
        others.filter((kind) => !kind.startsWith("provider ")),
        ["ResourceQuota", "Namespace"].filter((kind) => others.includes(kind)),
      );
    });
  }
});
