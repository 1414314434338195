import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as the store sees it. */
export interface Seen {
  method: string;
  url: URL;
  headers: IncomingMessage["headers"];
  body: string;
  /** Whether the owner or the holder has signed it. */
  isSigned: boolean;
}

/** What a store does with a request that is not signed: refuse it, let it in, or do it and say that it refuses. */
export type Treatment = "refuse" | "let in" | "do in secret" | "break";

/** As much of an S3 server as the owner and the forged requests need; it takes any signature but a made-up one. */
export class FakeStore {
  readonly objects = new Map<string, string>();
  readonly uploads = new Map<string, { key: string; parts: number[] }>();
  readonly seen: Seen[] = [];
  readonly #server: Server;
  treat: (request: Seen) => Treatment = () => "refuse";
  refusesItsOwner = false;
  followsUnsignedHeaders = false;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const [status, text] = this.#answer(request, Buffer.concat(chunks).toString());
        response.writeHead(status).end(text);
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
  }

  #answer({ method = "", url = "", headers }: IncomingMessage, body: string): [number, string] {
    const address = new URL(url, "http://store");
    const text = `${headers.authorization ?? ""}${url}`;
    const isSigned = /Signature=[0-9a-f]{64}/.test(text) && !text.includes("0".repeat(64));
    const seen = { method, url: address, headers, body, isSigned };
    this.seen.push(seen);
    if (isSigned) return this.refusesItsOwner ? error(403, "AccessDenied") : this.#do(seen);
    const treatment = this.treat(seen);
    if (treatment === "break") return error(500, "InternalError");
    if (treatment === "let in") return this.#do(seen);
    if (treatment === "do in secret") this.#do(seen);
    return error(403, "AccessDenied");
  }

  #do({ method, url: { pathname, searchParams: query }, headers, body }: Seen): [number, string] {
    const key = decodeURIComponent(pathname).replace(/^\/mlops\/?/, "");
    const uploadId = query.get("uploadId") ?? "";
    const upload = this.uploads.get(uploadId);
    if (query.has("uploads")) {
      if (method === "GET") return [200, this.#listUploads(query.get("prefix") ?? "")];
      this.uploads.set(`${this.uploads.size + 1}`, { key, parts: [] });
      return [200, `<UploadId>${this.uploads.size}</UploadId>`];
    }
    if (uploadId !== "") {
      if (upload === undefined) return error(404, "NoSuchUpload");
      if (method === "DELETE") this.uploads.delete(uploadId);
      if (method === "PUT") upload.parts.push(this.#content(headers, body).length);
      return [200, upload.parts.map((size) => `<Size>${size}</Size>`).join("")];
    }
    if (query.has("list-type")) return [200, this.#list(query.get("prefix") ?? "")];
    if (query.has("tagging") || key === "") return [200, ""];
    if (method === "PUT") this.objects.set(key, this.#content(headers, body));
    if (method === "DELETE") this.objects.delete(key);
    if (method !== "GET") return [200, ""];
    const content = this.objects.get(key);
    return content === undefined ? error(404, "NoSuchKey") : [200, content];
  }

  #content(headers: IncomingMessage["headers"], body: string): string {
    const source = headers["x-amz-copy-source"];
    if (this.followsUnsignedHeaders && typeof source === "string") return this.objects.get(source.slice(7)) ?? "";
    const size = Number(headers["x-amz-decoded-content-length"] ?? body.length);
    return headers["x-amz-decoded-content-length"] === undefined
      ? body
      : body.slice(body.indexOf("\n") + 1).slice(0, size);
  }

  #list(prefix: string): string {
    const found = [...this.objects.keys()].filter((key) => key.startsWith(prefix));
    return found.map((key) => `<Key>${key}</Key>`).join("");
  }

  #listUploads(prefix: string): string {
    const found = [...this.uploads].filter(([, { key }]) => key.startsWith(prefix));
    return found.map(([id, { key }]) => `<Key>${key}</Key><UploadId>${id}</UploadId>`).join("");
  }
}

function error(status: number, code: string): [number, string] {
  return [status, `<Error><Code>${code}</Code></Error>`];
}
