import { createServer, request } from "node:http";
import { connect, type Socket } from "node:net";
import { basicAuthorization } from "../../../scripts/verify/interfaces.ts";
import type { Login } from "./registry.ts";
import type { Server } from "./server.ts";

/** The only way out: it alone knows where the names outside lead to. */
export interface Proxy extends Server {
  /** Names that it has led to, each once. */
  asked: Set<string>;
  /** What it has refused, with the reason. */
  refused: Set<string>;
}

/**
 * A proxy that asks for a login and opens tunnels to a few names.
 *
 * @param routes port of this machine for each name
 */
export async function startProxy(
  { host, port }: { host: string; port: number },
  login: Login,
  routes: Record<string, number>,
): Promise<Proxy> {
  const asked = new Set<string>();
  const refused = new Set<string>();
  const server = createServer((request, response) => {
    refused.add(`${String(request.url)}: not a tunnel`);
    response.writeHead(403).end();
  });
  server.on("connect", (request, client: Socket) => {
    const [name = ""] = String(request.url).split(":");
    const inside = routes[name];
    const isKnown = request.headers["proxy-authorization"] === basicAuthorization(login);
    if (!isKnown || inside === undefined) {
      refused.add(`${name}: ${isKnown ? "not a name of outside" : "no login"}`);
      client.end(isKnown ? "HTTP/1.1 403 Forbidden\r\n\r\n" : "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      return;
    }
    asked.add(name);
    const through = connect(inside, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      through.pipe(client).pipe(through);
    });
    client.on("error", () => through.destroy());
    through.on("error", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return {
    asked,
    refused,
    stop: async () => {
      server.closeAllConnections();
      await stop();
    },
  };
}

/** Asks a proxy for a tunnel to `name:port`, and returns the status of its answer. */
export function askForTunnel(proxyUrl: string, target: string, login?: Login): Promise<number> {
  const headers = login === undefined ? {} : { "proxy-authorization": basicAuthorization(login) };
  return new Promise((resolve, reject) => {
    const asked = request(proxyUrl, { method: "CONNECT", path: target, headers });
    asked.on("connect", ({ statusCode }, socket) => {
      socket.destroy();
      resolve(statusCode ?? 0);
    });
    asked.on("error", reject);
    asked.end();
  });
}
