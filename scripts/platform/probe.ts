import { connect } from "node:net";

/** Whether a URL is that of a node port. */
export function isNodePort(url: string): boolean {
  return Number(new URL(url).port) >= 30000;
}

/** Whether something takes connections at a URL's host and port. */
export function answers(url: string, timeoutSeconds = 3): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ""),
      port: Number(port),
      timeout: timeoutSeconds * 1000,
    });
    const end = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", () => {
      end(true);
    });
    socket.once("timeout", () => {
      end(false);
    });
    socket.once("error", () => {
      end(false);
    });
  });
}
