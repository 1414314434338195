import assert from "node:assert/strict";
import { target } from "../../scripts/verify/forged/s3-request.ts";
import { presigned, signed } from "../../scripts/verify/forged/s3-signature.ts";

// What botocore 1.40 makes of the same request at the same moment.
describe("the signature of an S3 request", () => {
  const credentials = { user: "key", password: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
  const now = new Date("2026-11-21T14:04:17Z");
  const request = { method: "PUT", path: "/mlops/a folder/ü(1)", query: { tagging: "", prefix: "a/b c" }, headers: {} };

  it("covers path, query, headers and body", () => {
    const sent = { ...request, headers: { "x-amz-meta-a": "b" }, body: Buffer.from("body") };
    const { headers } = signed(sent, "127.0.0.1:9000", credentials, now);
    assert.equal(
      headers.authorization,
      "AWS4-HMAC-SHA256 Credential=key/20261121/us-east-1/s3/aws4_request, " +
        "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-meta-a, " +
        "Signature=61f7f992399542979bcd5cfccb3b8dddc31e3496c12119d0ef777902b5b85a3d",
    );
  });

  it("stands in the query of a presigned URL", () => {
    const sent = presigned({ ...request, body: Buffer.alloc(0) }, "127.0.0.1:9000", credentials, now);
    assert.equal(sent.query["X-Amz-Signature"], "28ae44f12ea596477ff986c516b2c408ec843351cedf220350e05644aa58ada5");
    assert.match(target(sent), /^\/mlops\/a%20folder\/%C3%BC%281%29\?X-Amz-Algorithm=/);
  });
});
