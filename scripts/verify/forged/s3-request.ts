import { Agent, request as httpRequest } from "node:http";

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
/** After which a server gets the body that has not asked for it: not every one answers `expect`. */
const patienceMs = 1_000;
// A server reads the rest of a request that it refuses only where the connection stays; else it resets the connection,
// and `kubectl port-forward` ends with that.
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** RFC 3986, as signatures want it: encodeURIComponent leaves five characters alone. */
function encode(text: string): string {
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
 * The body waits until the server wants it, so that one which refuses the headers leaves nothing unread.
 *
 * @param url of the server, such as `http://127.0.0.1:9000`
 */
export async function send(url: string, request: S3Request): Promise<S3Answer> {
  try {
    return await attempt(url, request);
  } catch (error) {
    // The server has ended a connection that was kept, as this request came.
    if (error instanceof StaleConnection) return attempt(url, request);
    throw error;
  }
}

class StaleConnection extends Error {}

function attempt(url: string, request: S3Request): Promise<S3Answer> {
  const { hostname, port } = new URL(url);
  const { method, body } = request;
  const length = { "content-length": String(body.length) };
  const headers = { ...request.headers, ...length, ...(body.length === 0 ? {} : { expect: "100-continue" }) };
  return new Promise((resolve, reject) => {
    const options = { hostname, port, method, path: target(request), headers, timeout: timeoutMs, agent };
    const sent = httpRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("error", reject);
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: response.statusCode ?? 0, code: /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? "", body: text });
      });
    });
    const finish = () => {
      clearTimeout(patience);
      sent.end(body);
    };
    const patience = setTimeout(finish, body.length === 0 ? 0 : patienceMs);
    sent.on("continue", finish);
    sent.on("response", (response) => {
      clearTimeout(patience);
      // A connection that waits for a body takes no other request.
      response.on("end", () => (sent.writableEnded ? undefined : sent.destroy()));
    });
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    sent.on("error", ({ message }) => {
      clearTimeout(patience);
      const words = `${request.method} ${request.path}: ${message}`;
      reject(sent.reusedSocket ? new StaleConnection(words) : new Error(words));
    });
    sent.flushHeaders();
  });
}
