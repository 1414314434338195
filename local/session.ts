import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import type { KubectlTarget } from "../lib/kubernetes/kubectl.ts";
import { fromCluster } from "../scripts/platform/no-platform.ts";
import { readPlatformJson } from "../scripts/platform/platform-json.ts";
import { projectEnvironment } from "../scripts/platform/project-environment.ts";
import { copyOf, forwardAll, isolatedTarget } from "./cluster.ts";
import { described, localized, targetsOf } from "./connections.ts";
import { airflow, notebook, type Program } from "./programs.ts";

export interface Options {
  command: "airflow" | "notebook" | "run";
  /** Of the platform. */
  target: KubectlTarget;
  /** Whose connections the program has. */
  project: string;
  /** Of Airflow's web interface. */
  port: number;
  /** Whether Airflow runs in a container. */
  compose: boolean;
  /** Of airflow or jupyter lab; of `run` the program itself. */
  args: string[];
}

/**
 * Prepares what the command needs, runs it until it ends, and returns its exit code.
 *
 * @param state folder for what is kept between runs
 * @throws with one sentence
 */
export async function runLocally({ target, project, ...options }: Options, state: string): Promise<number> {
  const own = fromCluster(target, undefined, () => isolatedTarget(target, state));
  const platform = readPlatformJson(own);
  const chosen = platform.projects[project];
  if (chosen === undefined) {
    const names = Object.keys(platform.projects).toSorted().join(", ");
    throw new Error(
      `the platform has no project ${project}; its projects are ${names || "none"}: choose another --project`,
    );
  }
  const given = projectEnvironment(own, chosen);
  const forwarded = await forwardAll(own, targetsOf(given));
  const certificate = copyOf(own, chosen, given.PGSSLROOTCERT ?? "", state);
  const environment = localized(given, forwarded, { certificate, data: join(state, "data") });
  for (const line of described(environment, forwarded)) console.log(line);
  const settings = { ...environment, KUBECONFIG: own.kubeconfig };
  return untilItEnds(
    options.command === "run"
      ? { command: options.args, environment: settings }
      : options.command === "notebook"
        ? notebook(options.args, settings)
        : airflow({ ...options, platform }, settings, state),
  );
}

/** Runs the command in the foreground; it decides itself how it ends, and the forwards stay until then. */
function untilItEnds({ command: [name = "", ...args], environment }: Program): Promise<number> {
  const child = spawn(name, args, { stdio: "inherit", env: { ...process.env, ...environment } });
  // The terminal sends a Ctrl-C to the program, too.
  process.on("SIGINT", () => undefined);
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on("error", ({ message }) => {
      reject(new Error(`${name} cannot be run: ${message}`));
    });
    child.on("close", (code, signal) => {
      resolve(code ?? 128 + constants.signals[signal ?? "SIGTERM"]);
    });
  });
}
