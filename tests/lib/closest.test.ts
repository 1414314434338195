import assert from "node:assert/strict";
import { closest, editDistance } from "../../lib/closest.ts";

describe("editDistance", () => {
  it("counts letters that are missing, too many, different or swapped", () => {
    assert.equal(editDistance("region", "region"), 0);
    assert.equal(editDistance("regon", "region"), 1);
    assert.equal(editDistance("reggion", "region"), 1);
    assert.equal(editDistance("rigion", "region"), 1);
    assert.equal(editDistance("reigon", "region"), 1);
    assert.equal(editDistance("", "abc"), 3);
  });
});

describe("closest", () => {
  it("finds what is written in another way", () => {
    assert.equal(closest("storage_gib", ["retentionDays", "storageGiB"]), "storageGiB");
    assert.equal(closest("executer", ["redis", "executor"]), "executor");
  });

  it("guesses nothing from letters that mean something else", () => {
    assert.equal(closest("spark", ["dags", "image"]), undefined);
    assert.equal(closest("aks", ["eks", "gke"]), undefined, "another cloud");
    assert.equal(closest("GKE", ["eks", "gke"]), "gke");
  });
});
