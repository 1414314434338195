import { type ChildProcess, spawn } from "node:child_process";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A program of the company, as a process of this machine. */
export interface Server {
  stop: () => Promise<void>;
}

/**
 * Starts a program and waits until it listens.
 *
 * @throws Error with what the program printed, for one that ends or that does not listen after half a minute
 */
export async function startServer(
  [program = "", ...args]: string[],
  { host, port }: { host: string; port: number },
  env: Record<string, string> = {},
): Promise<Server> {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (printed += String(text)));
  for (let attempt = 0; attempt < 300 && child.exitCode === null; attempt++) {
    if (await listens(host, port)) return { stop: () => stop(child) };
    await sleep(100);
  }
  await stop(child);
  throw new Error(`${program} does not listen on ${host}:${port}\n${printed}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.on("close", resolve));
  child.kill("SIGTERM");
  await ended;
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
