import { execFile, spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";
import { textAt } from "../../lib/json.ts";
import { testCluster } from "../cluster.ts";
import { folder } from "../program/program-cases.ts";
import { skipWithReason } from "../skip.ts";
import { engineEnvironment } from "./engine-environment.ts";

const run = promisify(execFile);

/** The Pulumi CLI that scripts/pulumi finds; undefined where there is none. */
export function findCli(): string | undefined {
  const { status, stdout } = spawnSync(join(folder, "scripts/pulumi"), ["--find"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** A throw-away copy of the project with a state of its own. */
export interface EngineProject {
  /** Path of the Pulumi CLI. */
  cli: string;
  stack: string;
  folder: string;
  /** Of the CLI: its backend and passphrase. */
  env: NodeJS.ProcessEnv;
  /** Runs the CLI; rejects with its output where it fails. */
  pulumi: (...args: string[]) => Promise<string>;
  /** Runs a target of the Makefile, without installing packages first; rejects with its output where it fails. */
  make: (target: string, ...variables: string[]) => Promise<string>;
  /** Runs a script of scripts/; rejects with its output where it fails. */
  script: (name: string, ...args: string[]) => Promise<string>;
  /** Puts another version of the project in the place of this one; its state stays, with the stack's salt. */
  replace: (from: string) => Promise<void>;
  remove: () => Promise<void>;
}

/** A throw-away project with another program, on the cluster of the tests. */
export interface EngineOnCluster {
  kubeconfig: string;
  project: EngineProject;
}

/** Skips with a reason where the CLI or the cluster is missing. */
export async function engineOnCluster(context: Mocha.Context, program: string): Promise<EngineOnCluster> {
  const cli = findCli() ?? skipWithReason(context, "no Pulumi CLI is found");
  const cluster = await testCluster();
  if (typeof cluster === "string") return skipWithReason(context, cluster);
  const project = await engineProject(cli, "Pulumi.minikube.yaml", () => undefined);
  await writeFile(join(project.folder, "index.ts"), program);
  return { kubeconfig: cluster.kubeconfig, project };
}

/** What the program and its scripts do not read. */
const leftBehind = ["node_modules", ".git", ".venv", ".state", ".ci", "docs", "images", "out", "tests"];

/** What a failed command has printed: the CLI says on its output what went wrong. */
function outputOf(error: unknown): string {
  const printed = ["stdout", "stderr"].map((stream) => textAt(error, stream) ?? "").join("");
  return printed === "" ? String(error) : printed;
}

/**
 * Copies the project into a temporary folder, its stack's file as another stack with a file backend.
 *
 * @param change changes the stack's configuration before it is written
 * @param from the version of the project. Default: this one
 * @param stack its name. Default: test
 */
export async function engineProject(
  cli: string,
  stackFile: string,
  change: (config: Record<string, unknown>) => void,
  from = folder,
  stack = "test",
): Promise<EngineProject> {
  const copy = await mkdtemp(join(tmpdir(), "engine-"));
  const take = async (version: string, others: object) => {
    await copyProject(version, copy);
    const { config } = parse(await readFile(join(version, stackFile), "utf8")) as { config: Record<string, unknown> };
    change(config);
    await writeFile(join(copy, `Pulumi.${stack}.yaml`), stringify({ ...others, config }));
  };
  await symlink(join(folder, "node_modules"), join(copy, "node_modules"));
  await take(from, {});
  await mkdir(join(copy, ".state"));
  const env = {
    ...engineEnvironment(copy),
    PULUMI_CLI: cli,
    // What the cluster has not, it does not get.
    SKIP_IMAGES: "true",
  };
  const command = async (program: string, args: string[], shown: string) => {
    try {
      const { stdout } = await run(program, args, { cwd: copy, env, maxBuffer: 256 * 2 ** 20 });
      return stdout;
    } catch (error) {
      throw new Error(`${shown} failed\n${outputOf(error)}`, { cause: error });
    }
  };
  const pulumi = (...args: string[]) => command(cli, [...args, "--non-interactive"], `pulumi ${args[0] ?? ""}`);
  await pulumi("stack", "init", stack);
  return {
    cli,
    stack,
    folder: copy,
    env,
    pulumi,
    make: (target, ...variables) =>
      // The linked packages are older than the copied list of them.
      command("make", ["--no-print-directory", "--old-file=node_modules/.installed", target, ...variables], target),
    script: (name, ...args) => command(join(copy, "scripts", name), args, `scripts/${name}`),
    replace: async (version) => {
      const stackFile = parse(await readFile(join(copy, `Pulumi.${stack}.yaml`), "utf8")) as Record<string, unknown>;
      const kept = [...leftBehind, "chart"];
      const entries = (await readdir(copy)).filter((entry) => !kept.includes(entry));
      for (const entry of entries) await rm(join(copy, entry), { recursive: true });
      await take(version, stackFile);
    },
    remove: () => rm(copy, { recursive: true, force: true }),
  };
}

async function copyProject(from: string, to: string): Promise<void> {
  const entries = (await readdir(from)).filter((entry) => !leftBehind.includes(entry));
  for (const entry of entries) await cp(join(from, entry), join(to, entry), { recursive: true });
}
