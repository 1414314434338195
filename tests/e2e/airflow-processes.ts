import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createWriteStream, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { isObject, listAt, textAt } from "../../lib/json.ts";
import { folder } from "../program/program-cases.ts";
import { freePort } from "../free-port.ts";
import { variablesOf } from "./airflow-environment.ts";
import { environmentIn, readIn } from "./airflow-home.ts";
import type { Platform } from "./platform.ts";

const run = promisify(execFile);

export const components = ["scheduler", "api-server", "dag-processor", "triggerer"] as const;
export type Component = (typeof components)[number];

/** Airflow beside the cluster: its processes here, its database, logs and tasks' pods there. */
export interface AirflowProcesses {
  /** Of its API. */
  url: string;
  /** Ends a process without notice; it is started again, as a kubelet does. */
  kill: (component: Component) => Promise<void>;
  /** Runs `airflow` with arguments and returns what it prints. */
  command: (...args: string[]) => Promise<string>;
  /** Reads the platform's settings and Secrets, and starts every process with what they say now. */
  start: () => Promise<void>;
  stop: () => Promise<void>;
  /** Stops them for good, and removes their files. */
  close: () => Promise<void>;
}

/** Why Airflow cannot run beside this cluster; undefined where it can. */
export function whyNoProcesses(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "Airflow beside the cluster needs root on Linux";
  return undefined;
}

/**
 * Starts Airflow from PyPI with the settings that the program gives to the chart.
 *
 * Names of Services resolve as in a pod of the platform, so this machine must be a node of the cluster. Tasks start
 * their pods with the rights of the workers' service account.
 *
 * @param dags folder of the DAGs. Default: a copy of the project's
 */
export async function startAirflow(platform: Platform, dags?: string): Promise<AirflowProcesses> {
  const home = await mkdtemp(join(tmpdir(), "e2e-airflow-"));
  const port = await freePort();
  const bin = await installed();
  const supervised = new Map<Component, ChildProcess>();
  let environment: NodeJS.ProcessEnv = {};
  let isStopping = false;

  const start = (component: Component) => {
    const child = spawn("unshare", asPod(home, [join(bin, "airflow"), component]), {
      env: environment,
      cwd: home,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const log = createWriteStream(join(home, `${component}.log`), { flags: "a" });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    child.on("close", () => {
      if (!isStopping && supervised.get(component) === child) start(component);
    });
    supervised.set(component, child);
  };
  const once = async (command: string[], more: Record<string, string> = {}) => {
    const options = { env: { ...environment, ...more }, cwd: home, maxBuffer: 64 * 2 ** 20 };
    return (await run("unshare", asPod(home, command), options)).stdout;
  };
  const stopAll = async () => {
    isStopping = true;
    const ended = [...supervised.values()].map((child) => endOf(child));
    for (const child of supervised.values()) killGroup(child, "SIGTERM");
    await Promise.race([Promise.all(ended), sleep(20_000)]);
    for (const child of supervised.values()) killGroup(child, "SIGKILL");
    await Promise.all(ended);
    isStopping = false;
  };
  const startAll = async () => {
    environment = await environmentIn(platform, home, port, dags);
    await once([join(bin, "airflow"), "db", "migrate"]);
    for (const component of components) start(component);
    await healthy(port, home);
    await createUser(platform, once);
  };
  const close = async () => {
    await stopAll();
    await rm(home, { recursive: true, force: true });
  };
  // Processes that nobody can stop any more would keep the suite from ending.
  await startAll().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    url: `http://127.0.0.1:${port}`,
    kill: async (component) => {
      const child = supervised.get(component);
      if (child === undefined) throw new Error(`${component} does not run`);
      const ended = endOf(child);
      killGroup(child, "SIGKILL");
      await ended;
    },
    command: (...args) => once([join(bin, "airflow"), ...args]),
    start: startAll,
    stop: stopAll,
    close,
  };
}

/** The environment of the project in tests/e2e/airflow, made where it is missing; returns its folder of programs. */
async function installed(): Promise<string> {
  const environment = join(folder, ".venv", "e2e-airflow");
  const project = join(folder, "tests", "e2e", "airflow");
  await run(join(folder, "scripts/uv"), ["sync", "--quiet", "--frozen", "--compile-bytecode", "--project", project], {
    env: { ...process.env, UV_PROJECT_ENVIRONMENT: environment },
  });
  return join(environment, "bin");
}

/** Runs a command that resolves names as a pod of the platform does. */
function asPod(home: string, command: string[]): string[] {
  const script = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
  return ["--mount", "--propagation", "private", "sh", "-c", script, join(home, "resolv.conf"), ...command];
}

/** Runs the script of the chart's Job that makes the administrator. */
async function createUser(
  platform: Platform,
  once: (command: string[], more: Record<string, string>) => Promise<string>,
): Promise<void> {
  const values = await platform.chartValues();
  const [script] = listAt(values, "createUserJob.args");
  const shared = listAt(values, "scheduler.env").map((entry) => textAt(entry, "name"));
  const own = listAt(values, "createUserJob.env").filter((entry) => !shared.includes(textAt(entry, "name")));
  const path = `${join(folder, ".venv", "e2e-airflow", "bin")}:${process.env.PATH ?? ""}`;
  await once(["bash", "-c", String(script)], {
    PATH: path,
    ...variablesOf(own, readIn(platform.kubeconfig, platform.namespace)),
  });
}

async function healthy(port: number, home: string): Promise<void> {
  const parts = ["metadatabase", "scheduler", "triggerer", "dag_processor"];
  for (let attempt = 0; attempt < 150; attempt++) {
    const health: unknown = await fetch(`http://127.0.0.1:${port}/api/v2/monitor/health`)
      .then((response) => response.json())
      .catch(() => undefined);
    if (parts.every((part) => textAt(health, `${part}.status`) === "healthy")) return;
    await sleep(2000);
  }
  const logs = components.map((component) => `${component}:\n${lastLines(join(home, `${component}.log`))}`);
  throw new Error(`Airflow's processes are not healthy after five minutes\n${logs.join("\n")}`);
}

function lastLines(file: string): string {
  return readFileSync(file, "utf8").split("\n").slice(-15).join("\n");
}

/** The whole group: Airflow's processes have workers of their own. */
function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // It has ended already.
    if (!isObject(error) || error.code !== "ESRCH") throw error;
  }
}

function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.on("close", () => {
      resolve();
    });
  });
}
