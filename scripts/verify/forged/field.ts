import { type Aim, bait, streamed } from "./operations.ts";
import type { Owner } from "./owner.ts";
import { type Client, folderOf, mark } from "./plan.ts";

/** Where the requests of one run aim: a folder of each client with the bait in it. */
export class Field {
  readonly #owner: Owner;
  readonly #bucket: string;
  readonly #clients: Client[];
  readonly #id: string;
  readonly #uploads: Record<string, string> = {};

  /** @param id is new for each run */
  constructor(owner: Owner, bucket: string, clients: Client[], id: string) {
    this.#owner = owner;
    this.#bucket = bucket;
    this.#clients = clients;
    this.#id = id;
  }

  /** Removes what an earlier run has left, and lays the bait. */
  async prepare(): Promise<void> {
    await this.clear();
    for (const client of this.#clients) {
      await this.restore(client);
      this.#uploads[client.name] = await this.#owner.beginUpload(`${folderOf(client, this.#id)}/${bait.upload}`);
    }
  }

  aim(client: Client): Aim {
    const others = this.#clients.filter((other) => other !== client).map((other) => folderOf(other, this.#id));
    return {
      bucket: this.#bucket,
      folder: folderOf(client, this.#id),
      others,
      absentBucket: `${mark}${this.#id}`,
      uploadId: this.#uploads[client.name] ?? "",
    };
  }

  /** Puts the bait back after a request that was taken. */
  async restore(client: Client): Promise<void> {
    await this.#owner.put(`${folderOf(client, this.#id)}/${bait.object}`, streamed(bait.bytes));
  }

  /** What is not as the owner has laid it, in words. */
  async damage(): Promise<string[]> {
    const found: string[] = [];
    for (const client of this.#clients) {
      const folder = folderOf(client, this.#id);
      const object = `${folder}/${bait.object}`;
      const content = await this.#owner.read(object);
      if (content === undefined) found.push(`${object} cannot be read by its owner`);
      else if (content !== bait.bytes.toString()) found.push(`${object} has other bytes`);
      if ((await this.#owner.tags(object)).length > 0) found.push(`${object} has tags`);
      const planted = (await this.#owner.list(`${folder}/`)).filter((key) => key !== object);
      found.push(...planted.map((key) => `${key} was planted`));
      const parts = await this.#owner.parts(`${folder}/${bait.upload}`, this.#uploads[client.name] ?? "");
      if (parts === undefined) found.push(`the upload to ${folder}/${bait.upload} was ended`);
      else if (parts.length > 0) found.push(`the upload to ${folder}/${bait.upload} has parts of another client`);
    }
    return found;
  }

  /** Removes everything whose name begins with the mark, below each prefix. */
  async clear(): Promise<void> {
    for (const { prefix } of this.#clients) await this.#owner.remove(folderOf({ prefix }, ""));
    await this.#owner.removeBucket(`${mark}${this.#id}`);
  }
}
