import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { metricsToken } from "../../components/minio/minio-metrics.ts";

// images/provision/tests/test_minio_admin.py makes the same token, and shows such tokens to a real server.
const known =
  "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9" +
  ".eyJleHAiOjQxMDI0NDQ4MDAsInN1YiI6IktFWU9GTUVUUklDUyIsImlzcyI6InByb21ldGhldXMifQ" +
  ".pBp75Av0WrJDCAVaOve6QD27ssEJ9aZXc3cZmLZNpldlATCDrvWZ0SKeoLtFou8hYJki0_nVF_szkRbrC4oUdg";

describe("metricsToken", () => {
  const [header = "", claims = "", signature] = metricsToken("KEYOFMETRICS", "metrics-secret").split(".");
  const decoded = (part: string): unknown => JSON.parse(Buffer.from(part, "base64url").toString());

  it("says who asks, and that it is for metrics", () => {
    assert.deepEqual(decoded(header), { alg: "HS512", typ: "JWT" });
    assert.deepEqual(decoded(claims), { exp: 4_102_444_800, sub: "KEYOFMETRICS", iss: "prometheus" });
  });

  it("is signed with the secret key, and does not hold it", () => {
    const expected = createHmac("sha512", "metrics-secret").update(`${header}.${claims}`).digest("base64url");
    assert.equal(signature, expected);
    assert.notEqual(signature, metricsToken("KEYOFMETRICS", "another-secret").split(".")[2]);
    assert.ok(!Buffer.from(claims, "base64url").includes("metrics-secret"));
  });

  it("is the same each time, so that no update renews it", () => {
    assert.equal(metricsToken("KEYOFMETRICS", "metrics-secret"), known);
  });
});
