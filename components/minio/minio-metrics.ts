import { createHmac } from "node:crypto";

/** The server wants an end of each token: 2100-01-01. A new generation of keys ends it earlier. */
const expires = 4_102_444_800;

/**
 * The token that MinIO shows its metrics for, instead of a signature: a JWT that is signed with the user's secret key.
 *
 * It opens nothing else, since the S3 and admin APIs want signed requests, and it tells nothing of the secret key. The
 * server checks the issuer by name, and that the user may `admin:Prometheus`
 * (https://github.com/minio/minio/blob/master/docs/metrics/prometheus/README.md).
 */
export function metricsToken(accessKey: string, secretKey: string): string {
  const header = encode({ alg: "HS512", typ: "JWT" });
  const claims = encode({ exp: expires, sub: accessKey, iss: "prometheus" });
  const signature = createHmac("sha512", secretKey).update(`${header}.${claims}`).digest("base64url");
  return `${header}.${claims}.${signature}`;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
