import { type ChildProcess, spawn } from "node:child_process";
import { type Place, placeOptions } from "./kubectl.ts";

export interface Forward {
  /** On 127.0.0.1. */
  port: number;
  /** Resolves when nothing is forwarded any more: after `close`, or when the pod behind the Service has gone. */
  ended: Promise<void>;
  close: () => void;
}

/**
 * Forwards a free local port to a Service, until `close` is called or this process ends, by Ctrl-C as well.
 *
 * @throws with kubectl's own words
 */
export function forward(place: Place, service: string, port: number): Promise<Forward> {
  const args = ["port-forward", `service/${service}`, `:${port}`, "--pod-running-timeout=20s"];
  const child = spawn("kubectl", [...placeOptions(place), ...args], { stdio: ["ignore", "pipe", "pipe"] });
  endWithThisProcess(child);
  const ended = new Promise<void>((resolve) => {
    child.on("close", () => {
      resolve();
    });
  });
  return new Promise((resolve, reject) => {
    let said = "";
    let words = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      words += text;
    });
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const local = localPort(said);
      if (local !== undefined) resolve({ port: local, ended, close: () => child.kill() });
    });
    child.on("error", ({ message }) => {
      reject(new Error(`kubectl cannot be run: ${message}`));
    });
    child.on("close", () => {
      reject(new Error(reasonOf(words) ?? `kubectl port-forward service/${service} ended without a word`));
    });
  });
}

/** Forwards a port for as long as `use` takes. */
export async function withForward<T>(
  place: Place,
  service: string,
  port: number,
  use: (localPort: number) => Promise<T>,
): Promise<T> {
  const { port: local, close } = await forward(place, service, port);
  try {
    return await use(local);
  } finally {
    close();
  }
}

/** The port in what kubectl says once it listens. */
export function localPort(text: string): number | undefined {
  const [, port] = /^Forwarding from 127\.0\.0\.1:(\d+) /m.exec(text) ?? [];
  return port === undefined ? undefined : Number(port);
}

/** The last thing that kubectl has said, which is why it gave up. */
function reasonOf(words: string): string | undefined {
  const last = words.trim().split("\n").at(-1)?.trim();
  return last === "" ? undefined : last?.replace(/^error: /, "");
}

const running = new Set<ChildProcess>();
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function endWithThisProcess(child: ChildProcess): void {
  if (running.size === 0) {
    process.once("exit", endAll);
    for (const signal of signals) process.once(signal, endAllAndGo);
  }
  running.add(child);
  child.on("close", () => {
    running.delete(child);
    if (running.size > 0) return;
    process.off("exit", endAll);
    for (const signal of signals) process.off(signal, endAllAndGo);
  });
}

function endAll(): void {
  for (const child of running) child.kill();
}

/** A signal that somebody listens to no longer ends a process by itself: unless others listen too, send it again. */
function endAllAndGo(signal: NodeJS.Signals): void {
  endAll();
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
