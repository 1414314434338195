import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Reply {
  status: number;
  body: unknown;
}

/** Google's APIs as far as the preflight asks them: replies by a pattern of `METHOD /path`, and what was asked. */
export class GoogleStandIn {
  /** The first that matches answers; 404 where none does. */
  replies: [pattern: RegExp, reply: Reply | ((body: string) => Reply)][] = [];
  readonly asked: { request: string; authorization: string | undefined; body: string }[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        const line = `${request.method ?? ""} ${request.url ?? ""}`;
        this.asked.push({ request: line, authorization: request.headers.authorization, body });
        const [, found] = this.replies.find(([pattern]) => pattern.test(line)) ?? [];
        const { status, body: answer } = typeof found === "function" ? found(body) : (found ?? notFound);
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
      });
    });
  }

  /** @returns the variables with which the preflight, as the provider, finds it */
  async start(): Promise<Record<string, string>> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const { port } = this.#server.address() as AddressInfo;
    const names = ["ARTIFACT_REGISTRY", "CLOUD_BILLING", "RESOURCE_MANAGER", "COMPUTE", "CONTAINER", "OAUTH2"];
    const all = [...names, "SERVICE_USAGE", "STORAGE"];
    return Object.fromEntries(
      all.map((name) => [`GOOGLE_${name}_CUSTOM_ENDPOINT`, `http://127.0.0.1:${port}/${name}/`]),
    );
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const notFound = { status: 404, body: { error: { code: 404, message: "not found" } } };

export const reply = (body: unknown, status = 200): Reply => ({ status, body });

/** An error as Google's APIs write it. */
export const refusal = (message: string, status = 403, details: unknown[] = []): Reply =>
  reply({ error: { code: status, message, details } }, status);

/** A service that a project has not enabled. */
export const disabled = (consumer: string): Reply =>
  refusal("API has not been used in project before or it is disabled.", 403, [
    { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "SERVICE_DISABLED", metadata: { consumer } },
  ]);
