import type { Credentials } from "../../platform/credentials.ts";
import { Failure } from "../check.ts";
import { type S3Request, send } from "./s3-request.ts";
import { presigned } from "./s3-signature.ts";
import { type Aim, bait, replication } from "./operations.ts";
import type { Owner } from "./owner.ts";

const meant = Buffer.from("what the URL was signed for");

/**
 * What the holder of a presigned URL gets by headers that the signature does not cover; what went wrong, in words.
 *
 * A server may refuse such a request, or take it and leave the headers alone: what the owner then finds is what counts.
 *
 * @param credentials of the client whose folder it is, who signs
 * @throws Failure when the server does not take a presigned URL as it is meant
 */
export async function heldUrls(url: string, aim: Aim, credentials: Credentials, owner: Owner): Promise<string[]> {
  const { bucket, folder } = aim;
  const put = async (name: string, headers: Record<string, string>, body: Buffer, query = {}) => {
    const request: S3Request = { method: "PUT", path: `/${bucket}/${folder}/${name}`, query, headers: {}, body };
    const { status } = await send(url, {
      ...presigned(request, new URL(url).host, credentials, new Date()),
      headers,
    });
    return status;
  };
  const status = await put("meant", {}, meant);
  if (status >= 300 || (await owner.read(`${folder}/meant`)) !== meant.toString())
    throw new Failure(`the object store answers a presigned PUT with ${status}`, "see kubectl logs minio-0");

  const found: string[] = [];
  const source = { "x-amz-copy-source": `/${bucket}/${folder}/${bait.object}` };
  await put("inbox", source, Buffer.alloc(0));
  if ((await owner.read(`${folder}/inbox`)) === bait.bytes.toString())
    found.push("a presigned PutObject with x-amz-copy-source reads another object");

  const uploadId = await owner.beginUpload(`${folder}/inbox-parts`);
  await put("inbox-parts", source, Buffer.alloc(0), { partNumber: "1", uploadId });
  const parts = (await owner.parts(`${folder}/inbox-parts`, uploadId)) ?? [];
  if (parts.some((size) => size !== "0"))
    found.push("a presigned UploadPart with x-amz-copy-source reads another object");

  const spoiled = await put("spoiled", replication, meant);
  if (spoiled < 300 && (await owner.read(`${folder}/spoiled`)) !== meant.toString())
    found.push("a presigned PutObject with replication headers leaves an object that its owner cannot read");

  await owner.remove(`${folder}/meant`);
  await owner.remove(`${folder}/inbox`);
  await owner.remove(`${folder}/spoiled`);
  return found;
}
