import assert from "node:assert/strict";
import { nextSteps } from "../../scripts/platform/next-steps.ts";
import { hasPlatform, stackValues } from "../../scripts/platform/stack-file.ts";

describe("a stack's file", () => {
  it("has values, and none where it is not in this checkout", () => {
    assert.deepEqual(stackValues("minikube")["mlops:cluster"], { kind: "minikube" });
    assert.deepEqual(stackValues("of-another-checkout"), {});
  });

  it("makes the platform, unless it has the layer of the cluster alone", () => {
    assert.ok(hasPlatform({}));
    assert.ok(hasPlatform({ "mlops:layers": ["cluster", "platform"] }));
    assert.ok(!hasPlatform({ "mlops:layers": ["cluster"] }));
  });
});

describe("the next steps", () => {
  it("name the stack where it is not the default", () => {
    assert.match(nextSteps("minikube"), /^Next: `make open` .+ `make first-run` /);
    assert.match(nextSteps("gke"), /^Next: `make open STACK=gke` .+ `make first-run STACK=gke` /);
  });
});
