import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { S3Request } from "./s3-request.ts";
import { tar } from "./tar.ts";

/** Where forged requests aim: names that nothing else uses, so that no data is harmed where one is taken. */
export interface Aim {
  bucket: string;
  /** Folder of the claimed client, such as `projects/team/verify-forged-1a2b`. */
  folder: string;
  /** The folders of the other clients. */
  others: string[];
  /** A bucket that is not there. */
  absentBucket: string;
  /** Of an upload in parts that the owner has begun at `<folder>/parts`. */
  uploadId: string;
}

/** One thing that a client may ask an S3 server for. */
interface Operation {
  name: string;
  request: S3Request;
}

/** The owner's objects in each folder, and what they hold. */
export const bait = { object: "bait", upload: "parts", bytes: Buffer.from("the owner's bytes") };

const forged = Buffer.from("written by make verify without a signature");
const trailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
const unsignedTrailer = { "x-amz-content-sha256": trailer };

/** `aws-chunked`: one chunk, then a trailer, which may be empty. */
function chunked(data: Buffer, trailers = ""): Buffer {
  return Buffer.concat([
    Buffer.from(`${data.length.toString(16)}\r\n`),
    data,
    Buffer.from(`\r\n0\r\n${trailers}\r\n\r\n`),
  ]);
}

/** A body in chunks that no signature covers. */
export function streamed(data: Buffer): Pick<S3Request, "headers" | "body"> {
  return {
    headers: { ...unsignedTrailer, "x-amz-decoded-content-length": String(data.length) },
    body: chunked(data),
  };
}

/** Everything that writes, reads and deletes; what deletes comes last. */
export function operations(aim: Aim): Operation[] {
  return [...writes(aim), ...changes(aim), ...archives(aim), ...reads(aim), ...deletions(aim)];
}

/** Writes of an object's or a part's own bytes. */
function writes({ bucket, folder, uploadId }: Aim): Operation[] {
  const put = (name: string, object: string, more: Partial<S3Request> = {}): Operation => ({
    name,
    request: { method: "PUT", path: `/${bucket}/${folder}/${object}`, query: {}, ...streamed(forged), ...more },
  });
  return [
    put("PutObject over an object", bait.object),
    put("PutObject of a new object", "planted"),
    put("PutObject with a checksum in the trailer", "planted", checksummed(forged)),
    put("PutObject in one piece", "planted", {
      headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
      body: forged,
    }),
    put("PutObject in signed chunks", "planted", {
      headers: { "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", ...decodedLength(forged) },
      body: signedChunks(forged),
    }),
    put("PutObject with replication headers", bait.object, {
      headers: { ...streamed(forged).headers, ...replication },
    }),
    put("UploadPart", bait.upload, { query: { partNumber: "1", uploadId } }),
  ];
}

/** Changes whose bytes come from elsewhere, or that need none. */
function changes({ bucket, folder, uploadId, absentBucket }: Aim): Operation[] {
  const at = (name: string) => `/${bucket}/${folder}/${name}`;
  const change = (name: string, path: string, more: Partial<S3Request> = {}): Operation => ({
    name,
    request: { method: "PUT", path, query: {}, headers: unsignedTrailer, body: Buffer.alloc(0), ...more },
  });
  const source = { ...unsignedTrailer, "x-amz-copy-source": at(bait.object) };
  return [
    change("UploadPart from a copy", at(bait.upload), { query: { partNumber: "1", uploadId }, headers: source }),
    change("CopyObject", at("copied"), { headers: source }),
    change("PutObjectTagging", at(bait.object), { query: { tagging: "" }, body: tagging }),
    change("CreateBucket", `/${absentBucket}`),
    // Of a bucket that is not there: the platform's own keeps its policy whatever the server answers.
    change("PutBucketPolicy", `/${absentBucket}-policy`, { query: { policy: "" }, body: policy }),
    change("CreateMultipartUpload", at("begun"), { method: "POST", query: { uploads: "" } }),
  ];
}

/** Archives that the server unpacks: many objects, in other clients' folders too, by one request. */
function archives({ bucket, folder, others }: Aim): Operation[] {
  const extract = { "x-amz-meta-snowball-auto-extract": "true" };
  const own = tar({ unpacked: forged, "deep/unpacked": forged });
  const everywhere = tar(Object.fromEntries([folder, ...others].map((name) => [`${name}/unpacked`, forged])));
  const prefixed = { ...extract, "x-amz-meta-minio-snowball-prefix": folder };
  const put = (name: string, headers: Record<string, string>, body: Buffer): Operation => ({
    name,
    request: { method: "PUT", path: `/${bucket}/${folder}/archive.tar`, query: {}, headers, body },
  });
  return [
    put("archive into its own folder", { ...unsignedTrailer, ...prefixed }, own),
    put("archive into its own folder, in chunks", { ...streamed(own).headers, ...prefixed }, chunked(own)),
    put("archive into every client's folder", { ...unsignedTrailer, ...extract }, everywhere),
    put(
      "archive into every client's folder, in chunks",
      { ...streamed(everywhere).headers, ...extract },
      chunked(everywhere),
    ),
  ];
}

function reads({ bucket, folder, uploadId }: Aim): Operation[] {
  const ask = (name: string, path: string, query: Record<string, string> = {}, method = "GET"): Operation => ({
    name,
    request: { method, path, query, headers: unsignedTrailer, body: Buffer.alloc(0) },
  });
  const object = `/${bucket}/${folder}/${bait.object}`;
  return [
    ask("GetObject", object),
    ask("HeadObject", object, {}, "HEAD"),
    ask("GetObjectTagging", object, { tagging: "" }),
    ask("ListParts", `/${bucket}/${folder}/${bait.upload}`, { uploadId }),
    ask("ListObjectsV2", `/${bucket}`, { "list-type": "2", prefix: folder }),
    ask("ListMultipartUploads", `/${bucket}`, { uploads: "", prefix: folder }),
    ask("ListBuckets", "/"),
    ask("GetBucketPolicy", `/${bucket}`, { policy: "" }),
    ask("the server's facts", "/minio/admin/v3/info"),
  ];
}

function deletions({ bucket, folder, uploadId, absentBucket }: Aim): Operation[] {
  const path = `/${bucket}/${folder}/${bait.object}`;
  const list = Buffer.from(`<Delete><Object><Key>${folder}/${bait.object}</Key></Object></Delete>`);
  const md5 = createHash("md5").update(list).digest("base64");
  const ask = (name: string, method: string, path: string, query: Record<string, string> = {}): Operation => ({
    name,
    request: { method, path, query, headers: unsignedTrailer, body: Buffer.alloc(0) },
  });
  return [
    ask("DeleteObjectTagging", "DELETE", path, { tagging: "" }),
    ask("AbortMultipartUpload", "DELETE", `/${bucket}/${folder}/${bait.upload}`, { uploadId }),
    ask("DeleteObject", "DELETE", path),
    {
      name: "DeleteObjects",
      request: {
        method: "POST",
        path: `/${bucket}`,
        query: { delete: "" },
        headers: { ...unsignedTrailer, "content-md5": md5 },
        body: list,
      },
    },
    ask("DeleteBucket", "DELETE", `/${absentBucket}-none`),
  ];
}

/** What servers keep beside an object that another server has sent them: a client that may write it spoils the object. */
export const replication = {
  "x-minio-replication-server-side-encryption-sealed-key": "QUFB",
  "x-minio-replication-server-side-encryption-seal-algorithm": "DAREv2-HMAC-SHA256",
  "x-minio-replication-server-side-encryption-iv": "QUFB",
};

const tagging = Buffer.from("<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>");
const policy = Buffer.from('{"Version":"2012-10-17","Statement":[]}');

function decodedLength(data: Buffer): Record<string, string> {
  return { "x-amz-decoded-content-length": String(data.length) };
}

function checksummed(data: Buffer): Pick<S3Request, "headers" | "body"> {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(data));
  const headers = { ...unsignedTrailer, ...decodedLength(data), "x-amz-trailer": "x-amz-checksum-crc32" };
  return { headers, body: chunked(data, `x-amz-checksum-crc32:${sum.toString("base64")}`) };
}

function signedChunks(data: Buffer): Buffer {
  const line = (length: number) => `${length.toString(16)};chunk-signature=${"0".repeat(64)}\r\n`;
  return Buffer.concat([Buffer.from(line(data.length)), data, Buffer.from(`\r\n${line(0)}\r\n`)]);
}
