import assert from "node:assert/strict";
import { verdict } from "../../scripts/verify/interfaces.ts";
import { signedHeaders } from "../../scripts/verify/forged/s3-signature.ts";

describe("verify: a UI's login", () => {
  it("is fine when it takes the right password and refuses another", () => {
    assert.deepEqual(verdict("mlflow", 200, 401), { state: "ok", seen: "answers 200, and a wrong password with 401" });
    assert.equal(verdict("minio", 204, 403).state, "ok");
  });

  for (const [right, wrong, seen, fix] of [
    [401, 401, "mlflow rejects the administrator's own password with 401", /differs from the Secret/],
    [503, 401, "mlflow answers the administrator with 503", /logs of its pod/],
    [200, 200, "mlflow accepts a wrong password", /its login is disabled/],
    [200, 500, "mlflow answers a wrong password with 500", /logs of its pod/],
  ] as const) {
    it(`fails with ${right} for the right password and ${wrong} for a wrong one`, () => {
      const outcome = verdict("mlflow", right, wrong);
      assert.ok(outcome.state === "failed");
      assert.equal(outcome.seen, seen);
      assert.match(outcome.fix, fix);
    });
  }
});

describe("verify: the signature of an S3 request", () => {
  it("is that of botocore", () => {
    const credentials = { user: "admin", password: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
    const headers = signedHeaders("http://127.0.0.1:9000", credentials, new Date("2026-11-21T14:04:17Z"));
    assert.equal(headers["x-amz-date"], "20261121T140417Z");
    assert.match(
      headers.authorization ?? "",
      /^AWS4-HMAC-SHA256 Credential=admin\/20261121\/us-east-1\/s3\/aws4_request, /,
    );
    assert.equal(
      /Signature=(.+)$/.exec(headers.authorization ?? "")?.[1],
      "486a09bbb4e657989c57b26eac8ee853686f44de300e3f6b99358c7e82f72919",
    );
  });
});
