import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { notStarted, type KubectlTarget, targetOptions } from "../../lib/kubernetes/kubectl.ts";

interface Forward {
  /** On 127.0.0.1. */
  port: number;
  /** Resolves when nothing is forwarded any more: after `close`, or when the pod behind the Service has gone. */
  ended: Promise<void>;
  close: () => void;
}

interface ForwardOptions {
  /** Port of this machine. @default - one that is free */
  local?: number;
  /** Whether it ends when this process gets a signal and goes on, as one that waits for a program does. @default true */
  endsBySignal?: boolean;
}

/**
 * Forwards a local port to a Service, until `close` is called or this process ends, also by Ctrl-C.
 *
 * @throws with kubectl's own words
 */
export function forward(
  target: KubectlTarget,
  service: string,
  port: number,
  { local, endsBySignal = true }: ForwardOptions = {},
): Promise<Forward> {
  const args = ["port-forward", `service/${service}`, `${local ?? ""}:${port}`, "--pod-running-timeout=10s"];
  const child = spawn("kubectl", [...targetOptions(target), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    // In a session of its own, for the terminal sends a Ctrl-C to all of this one.
    detached: !endsBySignal,
  });
  endWithThisProcess(child, endsBySignal);
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
    child.on("error", (error) => {
      reject(notStarted(error));
    });
    child.on("close", () => {
      reject(new Error(reasonOf(words, service) ?? `kubectl port-forward service/${service} ended without a message`));
    });
  });
}

/** Forwards a port for as long as `use` takes. */
export async function withForward<T>(
  target: KubectlTarget,
  service: string,
  port: number,
  use: (localPort: number) => Promise<T>,
): Promise<T> {
  const { port: local, close } = await forward(target, service, port);
  try {
    return await use(local);
  } finally {
    close();
  }
}

/**
 * Forwards the Service's own port of this machine, or another one where that is taken, until `close` is called or this
 * process ends: also to the pod that takes the place of one that has gone.
 *
 * @param tell hears that the Service is lost and that it is back
 * @throws with kubectl's own words, if it never was reached
 */
export async function keepForward(
  target: KubectlTarget,
  service: string,
  port: number,
  tell: (words: string) => void,
  options: Pick<ForwardOptions, "endsBySignal"> = {},
): Promise<Omit<Forward, "ended">> {
  const first = await forward(target, service, port, { ...options, local: port }).catch((error: unknown) => {
    if (error instanceof Error && /unable to (listen|create listener)/.test(error.message))
      return forward(target, service, port, options);
    throw error;
  });
  let current = first;
  const closing = new AbortController();
  const isClosed = () => closing.signal.aborted;
  const again = () =>
    forward(target, service, port, { ...options, local: first.port }).catch(() => sleep(2000, undefined));
  const renew = async (): Promise<void> => {
    await current.ended;
    if (isClosed()) return;
    tell("lost its pod");
    let next: Forward | undefined;
    while (next === undefined && !isClosed()) next = await again();
    if (next === undefined) return;
    current = next;
    if (isClosed()) current.close();
    tell("is back");
    return renew();
  };
  void renew();
  const close = () => {
    closing.abort();
    current.close();
  };
  return { port: first.port, close };
}

/** The port in what kubectl says once it listens. */
function localPort(text: string): number | undefined {
  const [, port] = /^Forwarding from 127\.0\.0\.1:(\d+) /m.exec(text) ?? [];
  return port === undefined ? undefined : Number(port);
}

/** The last thing that kubectl has said, which is why it gave up. */
function reasonOf(words: string, service: string): string | undefined {
  const last = words.trim().split("\n").at(-1)?.trim();
  if (last === "error: timed out waiting for the condition") return `no pod of service ${service} is running`;
  return last === "" ? undefined : last?.replace(/^error: /, "");
}

/** With whether a signal ends it. */
const running = new Map<ChildProcess, boolean>();
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function endWithThisProcess(child: ChildProcess, endsBySignal: boolean): void {
  if (running.size === 0) {
    process.once("exit", endAll);
    for (const signal of signals) process.once(signal, endBySignal);
  }
  running.set(child, endsBySignal);
  child.on("close", () => {
    running.delete(child);
    if (running.size > 0) return;
    process.off("exit", endAll);
    for (const signal of signals) process.off(signal, endBySignal);
  });
}

function endAll(): void {
  for (const child of running.keys()) child.kill();
}

/** A signal with a listener does not end the process. If there is no other listener, send it again. */
function endBySignal(signal: NodeJS.Signals): void {
  const isTheEnd = process.listenerCount(signal) === 0;
  for (const [child, endsBySignal] of running) if (endsBySignal || isTheEnd) child.kill();
  if (isTheEnd) process.kill(process.pid, signal);
}
