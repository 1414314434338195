import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import { freePort } from "../../free-port.ts";
import { folder as project } from "../../program/program-cases.ts";
import type { Tls } from "./company.ts";
import { type Server, startServer } from "./server.ts";

/** Wikimedia's API with generated views, over TLS, on a port of this machine that no pod reaches. */
export interface Outside extends Server {
  port: number;
}

/** @param python with the packages of images/pageviews */
export async function startOutside(python: string, tls: Tls): Promise<Outside> {
  const inside = { host: "127.0.0.1", port: await freePort() };
  const scripts = [join(project, "tests/e2e/wikimedia/serve.py"), inside.host, String(inside.port)];
  const views = await startServer([python, ...scripts], inside, {
    PYTHONPATH: join(project, "images/pageviews/tests"),
  });
  const pair = { cert: readFileSync(tls.certificateFile), key: readFileSync(tls.keyFile) };
  const server = createServer(pair, (client: TLSSocket) => {
    const through = connect(inside.port, inside.host);
    client.pipe(through).pipe(client);
    for (const socket of [client, through]) socket.on("error", () => through.destroy());
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    port,
    stop: async () => {
      server.close();
      await views.stop();
    },
  };
}
