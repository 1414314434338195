import type { S3Request } from "./s3-request.ts";
import { amzDate, scopeOf } from "./s3-signature.ts";

/** A way to claim an identity without its secret. */
interface Form {
  name: string;
  claim: (request: S3Request) => S3Request;
}

const madeUp = "0".repeat(64);
const madeUpV2 = "AAAAAAAAAAAAAAAAAAAAAAAAAAA=";

const inQuery = (more: Record<string, string>) => (request: S3Request) => ({
  ...request,
  query: { ...request.query, ...more },
});
const inHeaders = (more: Record<string, string>) => (request: S3Request) => ({
  ...request,
  headers: { ...request.headers, ...more },
});

/**
 * Every way to name an access key in a request: none of them holds a signature that its secret has made.
 *
 * @param accessKey of whom the requests claim to come from; their secret is not needed, and so is not here
 */
export function forms(accessKey: string, now: Date): Form[] {
  const credential = scopeOf(accessKey, now);
  const signedNames = "host;x-amz-content-sha256;x-amz-date";
  return [
    { name: "without a key", claim: (request) => request },
    { name: "the key in the query", claim: inQuery({ "X-Amz-Credential": credential }) },
    {
      name: "a made-up signature in the query",
      claim: inQuery({
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": credential,
        "X-Amz-Date": amzDate(now),
        "X-Amz-Expires": "600",
        "X-Amz-SignedHeaders": "host",
        "X-Amz-Signature": madeUp,
      }),
    },
    {
      name: "a made-up signature in the header",
      claim: inHeaders({
        authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedNames}, Signature=${madeUp}`,
        "x-amz-date": amzDate(now),
      }),
    },
    {
      name: "a made-up signature of version 2 in the query",
      claim: inQuery({
        AWSAccessKeyId: accessKey,
        Expires: String(Math.floor(now.getTime() / 1000) + 600),
        Signature: madeUpV2,
      }),
    },
    {
      name: "a made-up signature of version 2 in the header",
      claim: inHeaders({ authorization: `AWS ${accessKey}:${madeUpV2}`, date: now.toUTCString() }),
    },
  ];
}
