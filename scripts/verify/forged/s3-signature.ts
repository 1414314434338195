// AWS Signature Version 4.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
import { createHash, createHmac } from "node:crypto";
import type { Credentials } from "../../platform/credentials.ts";
import { encodedPath, encodedQuery, type S3Request } from "./s3-request.ts";

const region = "us-east-1";
const algorithm = "AWS4-HMAC-SHA256";
const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
const hmac = (key: Buffer | string, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** A moment as S3 writes it, such as `20261121T140417Z`. */
export function amzDate(now: Date): string {
  return now.toISOString().replaceAll(/[-:]|\.\d+/g, "");
}

/** What an access key signs for on a day. */
export function scopeOf(accessKey: string, now: Date): string {
  return `${accessKey}/${amzDate(now).slice(0, 8)}/${region}/s3/aws4_request`;
}

/**
 * A request with its signature in the header `authorization`; every header of it is signed.
 *
 * @param host of the server, as the request is sent to it, such as `127.0.0.1:9000`
 */
export function signed(request: S3Request, host: string, credentials: Credentials, now: Date): S3Request {
  const payload = request.headers["x-amz-content-sha256"] ?? sha256(request.body);
  const headers = { ...request.headers, host, "x-amz-content-sha256": payload, "x-amz-date": amzDate(now) };
  const signature = signatureOf({ ...request, headers }, payload, credentials, now);
  const credential = `Credential=${scopeOf(credentials.user, now)}, SignedHeaders=${namesOf(headers)}`;
  return { ...request, headers: { ...headers, authorization: `${algorithm} ${credential}, Signature=${signature}` } };
}

/** A request with its signature in the query, which covers no header but the host: what a presigned URL is. */
export function presigned(request: S3Request, host: string, credentials: Credentials, now: Date): S3Request {
  const query = {
    ...request.query,
    "X-Amz-Algorithm": algorithm,
    "X-Amz-Credential": scopeOf(credentials.user, now),
    "X-Amz-Date": amzDate(now),
    "X-Amz-Expires": "600",
    "X-Amz-SignedHeaders": "host",
  };
  const signature = signatureOf({ ...request, query, headers: { host } }, "UNSIGNED-PAYLOAD", credentials, now);
  return { ...request, query: { ...query, "X-Amz-Signature": signature } };
}

/** Headers of a GET of an S3 server's list of buckets. */
export function signedHeaders(url: string, credentials: Credentials, now: Date): Record<string, string> {
  const request = { method: "GET", path: "/", query: {}, headers: {}, body: Buffer.alloc(0) };
  const { headers } = signed(request, new URL(url).host, credentials, now);
  // fetch writes this one itself.
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== "host"));
}

const namesOf = (headers: Record<string, string>): string => Object.keys(headers).sort().join(";");

function signatureOf(request: S3Request, payload: string, { user, password }: Credentials, now: Date): string {
  const { method, path, query, headers } = request;
  const lines = Object.keys(headers)
    .sort()
    .map((name) => `${name}:${(headers[name] ?? "").trim()}\n`);
  const canonical = [method, encodedPath(path), encodedQuery(query), lines.join(""), namesOf(headers), payload];
  const [, day = "", ...rest] = scopeOf(user, now).split("/");
  const key = rest.reduce(hmac, hmac(`AWS4${password}`, day));
  const scope = [day, ...rest].join("/");
  return hmac(key, [algorithm, amzDate(now), scope, sha256(canonical.join("\n"))].join("\n")).toString("hex");
}
