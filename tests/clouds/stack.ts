import { spawn } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { at, isObject, listAt, numberAt, textAt } from "../../lib/json.ts";
import { engineProject, findCli } from "../engine/project.ts";

/** What the engine did, or would do: names of resources, with what they are. */
export interface Changes {
  created: string[];
  updated: string[];
  replaced: string[];
  deleted: string[];
  same: number;
}

/** How a run of the CLI has ended. */
export interface Outcome {
  status: number | null;
  changes: Changes;
  /** Everything that it printed. */
  output: string;
}

/** A stack of this program, with the real engine and a state in a folder of its own. */
export interface CloudStack {
  preview: () => Promise<Outcome>;
  up: (...args: string[]) => Promise<Outcome>;
  /** What the daily workflow asks: whether the cloud is as the state says. */
  drift: () => Promise<Outcome>;
  /** Writes the cloud into the state. */
  refresh: () => Promise<Outcome>;
  destroy: () => Promise<Outcome>;
  /** Runs `up`, and kills the engine and its plugins once this says so. */
  killedUp: (isTime: () => Promise<boolean>) => Promise<void>;
  /** What a killed engine had begun, by URN. */
  pending: () => Promise<string[]>;
  /** Any other command of the CLI; rejects where it fails. */
  pulumi: (command: string, ...args: string[]) => Promise<string>;
  /** Sets keys of the configuration, by their path: `cluster.nodes.machineType`; undefined removes one. */
  set: (values: Record<string, unknown>) => Promise<void>;
  remove: () => Promise<void>;
}

interface CloudStackArgs {
  /** The checked-in file that the stack begins as. */
  stackFile: string;
  /** Folders with the cloud's plugin, and with what stands in for the cloud's own tools. */
  programs: string[];
  /** Of the engine and its plugins. */
  environment: Record<string, string>;
  /** As `set` takes it. */
  config: Record<string, unknown>;
}

export async function cloudStack({ stackFile, programs, environment, config }: CloudStackArgs): Promise<CloudStack> {
  const cli = findCli();
  if (cli === undefined) throw new Error("no Pulumi CLI is found");
  const project = await engineProject(cli, stackFile, (given) => assign(given, config));
  const { folder, stack } = project;
  const env = {
    ...withoutClouds(project.env),
    ...environment,
    PATH: [...programs, project.env.PATH ?? ""].join(":"),
    // For the log of events.
    PULUMI_DEBUG_COMMANDS: "true",
  };
  const log = join(folder, "events.jsonl");
  const run = async (...args: string[]): Promise<Outcome> => {
    await rm(log, { force: true });
    const { ended } = start(cli, [...args, "--stack", stack, "--non-interactive", "--event-log", log], folder, env);
    const { status, output } = await ended;
    return { status, output, changes: await changesIn(log) };
  };
  return {
    preview: () => run("preview"),
    up: (...args) => run("up", "--yes", "--skip-preview", ...args),
    drift: () => run("refresh", "--preview-only", "--expect-no-changes"),
    refresh: () => run("refresh", "--yes", "--skip-preview"),
    destroy: () => run("destroy", "--yes"),
    killedUp: async (isTime) => {
      const { kill, ended } = start(cli, ["up", "--yes", "--skip-preview", "--stack", stack], folder, env);
      while (!(await isTime())) await new Promise((resolve) => setTimeout(resolve, 100));
      kill();
      await ended;
      // As after a machine that was lost: the lock is left.
      await project.pulumi("cancel", "--yes", "--stack", stack);
    },
    pending: async () => {
      const state: unknown = JSON.parse(await project.pulumi("stack", "export", "--stack", stack));
      const operations = listAt(at(state, "deployment"), "pending_operations");
      return operations.map((operation) => textAt(operation, "resource.urn") ?? "");
    },
    pulumi: async (command, ...args) => {
      const { status, output } = await run(command, ...args);
      if (status !== 0) throw new Error(output);
      return output;
    },
    set: async (values) => {
      const path = join(folder, `Pulumi.${stack}.yaml`);
      const file = parse(await readFile(path, "utf8")) as { config: Record<string, unknown> };
      assign(file.config, values);
      await writeFile(path, stringify(file));
    },
    remove: project.remove,
  };
}

/** Nothing of the user's own clouds: a test never reaches a real one. */
function withoutClouds(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(AWS|GOOGLE|GCLOUD|CLOUDSDK|KUBECONFIG)/.test(name)),
  );
}

function assign(config: Record<string, unknown>, values: Record<string, unknown>): void {
  for (const [path, value] of Object.entries(values)) {
    const [first = "", ...rest] = path.split(".");
    setAt(config, [`mlops:${first}`, ...rest], value);
  }
}

function setAt(inside: Record<string, unknown>, [step = "", ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    if (value === undefined) Reflect.deleteProperty(inside, step);
    else inside[step] = value;
    return;
  }
  const next = inside[step];
  const object = isObject(next) ? next : {};
  inside[step] = object;
  setAt(object, rest, value);
}

/** A run of the CLI in a process group of its own, so that it can be killed with its plugins. */
function start(cli: string, args: string[], cwd: string, env: NodeJS.ProcessEnv) {
  const child = spawn(cli, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const ended = new Promise<{ status: number | null; output: string }>((resolve) => {
    child.on("close", (status) => resolve({ status, output }));
  });
  const kill = () => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  };
  return { ended, kill };
}

/** The engine's log, an event a line. */
async function changesIn(log: string): Promise<Changes> {
  const text = await readFile(log, "utf8").catch(() => "");
  const events = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
  const done = events.flatMap((event) => at(event, "resOutputsEvent.metadata") ?? []);
  const named = (...ops: string[]) =>
    [...new Set(done.filter((one) => ops.includes(textAt(one, "op") ?? "")).map(nameOf))].sort();
  const summary = events.flatMap((event) => at(event, "summaryEvent.resourceChanges") ?? []);
  const replaced = named("replace", "create-replacement");
  return {
    created: named("create"),
    updated: named("update"),
    replaced,
    deleted: named("delete"),
    same: numberAt(summary.at(-1), "same") ?? 0,
  };
}

/** `nodePool mlops-platform`: the last part of the type, and the resource's name. */
function nameOf(metadata: unknown): string {
  const [type = "", name = ""] = (textAt(metadata, "urn") ?? "").split("::").slice(-2);
  return `${type.split(":").at(-1) ?? ""} ${name}`;
}
