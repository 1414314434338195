import assert from "node:assert/strict";
import { signedUrlVerdict } from "../../../scripts/verify/forged/signed-urls.ts";

describe("verify: MLflow's signed URLs", () => {
  it("are fine when there are none", () => {
    assert.deepEqual(signedUrlVerdict(501), { state: "ok", seen: "MLflow signs no URL of mlops and answers 501" });
  });

  it("fail when the administrator gets one, and when it cannot be told", () => {
    const fix = "build the image of MLflow from this commit and deploy it: make images, make up";
    assert.deepEqual(signedUrlVerdict(200), {
      state: "failed",
      seen: "MLflow signs URLs of the object store with its own credentials",
      fix,
    });
    assert.equal(signedUrlVerdict(500).seen, "MLflow answers a request for a signed URL with 500");
  });
});
