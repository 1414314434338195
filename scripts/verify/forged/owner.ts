import type { Credentials } from "../../platform/credentials.ts";
import { Failure } from "../check.ts";
import { type S3Answer, type S3Request, send } from "./s3-request.ts";
import { signed } from "./s3-signature.ts";

const empty = Buffer.alloc(0);

/** The store's owner, who signs: lays the bait, looks at what became of it, and removes everything again. */
export class Owner {
  readonly #url: string;
  readonly #bucket: string;
  readonly #credentials: Credentials;

  /** @param credentials of a user who may do everything in the bucket */
  constructor(url: string, bucket: string, credentials: Credentials) {
    this.#url = url;
    this.#bucket = bucket;
    this.#credentials = credentials;
  }

  /** @throws Failure when the server refuses what is properly signed: then a refusal of a forged request says nothing */
  async put(key: string, { headers, body }: Pick<S3Request, "headers" | "body">): Promise<void> {
    await this.#expect({ method: "PUT", path: this.#path(key), query: {}, headers, body });
  }

  /** The bytes of an object; undefined where there is none, or where the server cannot read it. */
  async read(key: string): Promise<string | undefined> {
    const answer = await this.#send({ method: "GET", path: this.#path(key), query: {}, headers: {}, body: empty });
    return answer.status === 200 ? answer.body : undefined;
  }

  /** Begins an upload in parts; returns its id. */
  async beginUpload(key: string): Promise<string> {
    const begun = { method: "POST", path: this.#path(key), query: { uploads: "" }, headers: {}, body: empty };
    return textOf(await this.#expect(begun), "UploadId")[0] ?? "";
  }

  /** Sizes of the parts of an upload; undefined where there is no such upload. */
  async parts(key: string, uploadId: string): Promise<string[] | undefined> {
    const request = { method: "GET", path: this.#path(key), query: { uploadId }, headers: {}, body: empty };
    const answer = await this.#send(request);
    return answer.status === 200 ? textOf(answer, "Size") : undefined;
  }

  async tags(key: string): Promise<string[]> {
    const request = { method: "GET", path: this.#path(key), query: { tagging: "" }, headers: {}, body: empty };
    return textOf(await this.#send(request), "Key");
  }

  /** The keys that begin like this. */
  async list(prefix: string): Promise<string[]> {
    const query = { "list-type": "2", prefix };
    return textOf(await this.#expect({ ...this.#onBucket("GET"), query }), "Key");
  }

  /** Removes the objects and the unfinished uploads whose keys begin like this. */
  async remove(prefix: string): Promise<void> {
    for (const key of await this.list(prefix)) {
      await this.#expect({ method: "DELETE", path: this.#path(key), query: {}, headers: {}, body: empty });
    }
    const query = { uploads: "", prefix };
    const uploads = await this.#expect({ ...this.#onBucket("GET"), query });
    const ids = textOf(uploads, "UploadId");
    for (const [index, key] of textOf(uploads, "Key").entries()) {
      const upload = { uploadId: ids[index] ?? "" };
      await this.#expect({ method: "DELETE", path: this.#path(key), query: upload, headers: {}, body: empty });
    }
  }

  /** Whether a bucket that was not there had to be removed. */
  async removeBucket(bucket: string): Promise<boolean> {
    const { status } = await this.#send({ ...this.#onBucket("DELETE"), path: `/${bucket}` });
    return status < 300;
  }

  #path(key: string): string {
    return `/${this.#bucket}/${key}`;
  }

  #onBucket(method: string): S3Request {
    return { method, path: `/${this.#bucket}`, query: {}, headers: {}, body: empty };
  }

  #send(request: S3Request): Promise<S3Answer> {
    return send(this.#url, signed(request, new URL(this.#url).host, this.#credentials, new Date()));
  }

  async #expect(request: S3Request): Promise<S3Answer> {
    const answer = await this.#send(request);
    if (answer.status < 300) return answer;
    const seen = `the object store answers its administrator's ${request.method} ${request.path} with ${answer.status} ${answer.code}`;
    throw new Failure(seen, "so a rejected forged request proves nothing: see kubectl logs minio-0");
  }
}

function textOf({ body }: S3Answer, element: string): string[] {
  return [...body.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g"))].map(([, text = ""]) => text);
}
