import { request as httpRequest } from "node:http";

/** A request to an S3 server, as far as it can be written before the server's address is known. */
export interface S3Request {
  method: string;
  /** From the root of the server, such as `/mlops/projects/team/file`; not encoded. */
  path: string;
  query: Record<string, string>;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Buffer;
}

export interface S3Answer {
  status: number;
  /** S3's own word for an error, such as `AccessDenied`. */
  code: string;
  body: string;
}

const timeoutMs = 30_000;

/** RFC 3986, as signatures want it: encodeURIComponent leaves five characters alone. */
export function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

export function encodedPath(path: string): string {
  return path.split("/").map(encode).join("/");
}

/** In the order that a signature wants. */
export function encodedQuery(query: Record<string, string>): string {
  const pairs = Object.entries(query).map(([name, value]) => [encode(name), encode(value)] as const);
  return pairs
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map((pair) => pair.join("="))
    .join("&");
}

/** Path and query as they are sent. */
export function target({ path, query }: Pick<S3Request, "path" | "query">): string {
  const text = encodedQuery(query);
  return encodedPath(path) + (text === "" ? "" : `?${text}`);
}

/**
 * Sends a request exactly as it is: fetch would add and refuse headers of its own.
 *
 * @param url of the server, such as `http://127.0.0.1:9000`
 */
export function send(url: string, request: S3Request): Promise<S3Answer> {
  const { hostname, port } = new URL(url);
  const headers = { ...request.headers, "content-length": String(request.body.length) };
  return new Promise((resolve, reject) => {
    const { method } = request;
    // A connection each: a server may end one whose request it refuses.
    const options = { hostname, port, method, path: target(request), headers, timeout: timeoutMs, agent: false };
    const sent = httpRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("error", reject);
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const body = Buffer.concat(chunks).toString("utf8");
        resolve({ status: response.statusCode ?? 0, code: /<Code>([^<]*)<\/Code>/.exec(body)?.[1] ?? "", body });
      });
    });
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    sent.on("error", ({ message }) => {
      reject(new Error(`${request.method} ${request.path}: ${message}`));
    });
    sent.end(request.body);
  });
}
