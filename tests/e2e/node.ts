import { execFile, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { kubectl } from "../cluster.ts";

/** A process of a cluster that runs on this machine. */
interface NodeProcess {
  pid: number;
  pidFile: string;
  command: string[];
}

/** Why a test cannot reach below the cluster's API. */
export const noNode = "the cluster's node is not this machine";

/** Finds a process of the node by the file with its id, which ../shared/cluster keeps beside the kubeconfig. */
export function nodeProcess(kubeconfig: string, name: "containerd" | "kube-apiserver"): NodeProcess | undefined {
  const pidFile = join(dirname(kubeconfig), "run", `${name}.pid`);
  if (!existsSync(pidFile)) return undefined;
  const pid = Number(readFileSync(pidFile, "utf8"));
  const commandLine = `/proc/${pid}/cmdline`;
  if (!existsSync(commandLine)) return undefined;
  const command = readFileSync(commandLine, "utf8")
    .split("\0")
    .filter((argument) => argument !== "");
  return { pid, pidFile, command };
}

/** The images that the node holds. */
export interface ImageStore {
  has: (name: string) => Promise<boolean>;
  /** Every name of every image. */
  all: () => Promise<string[]>;
  /** Those whose names begin with a registry's host. */
  names: (host: string) => Promise<string[]>;
  tag: (image: string, name: string) => Promise<void>;
  remove: (name: string) => Promise<void>;
  /** Copies an image into a registry of this machine. */
  push: (image: string, name: string, login: { user: string; password: string }) => Promise<void>;
}

/** Address at which pods reach the cluster's first node. */
export async function nodeAddress(kubeconfig: string): Promise<string> {
  const path = 'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}';
  return (await kubectl(kubeconfig, ["get", "nodes", "--output", path])).stdout;
}

/** The node's images; undefined where the node is not this machine. */
export function nodeImageStore(kubeconfig: string): ImageStore | undefined {
  const socket = join(dirname(kubeconfig), "run", "containerd.sock");
  if (!existsSync(socket)) return undefined;
  const ctr = (...args: string[]) =>
    promisify(execFile)("ctr", ["--address", socket, "--namespace", "k8s.io", "images", ...args]);
  const all = async () => (await ctr("list", "--quiet")).stdout.split("\n").filter((name) => name !== "");
  return {
    all,
    has: async (name) => (await ctr("list", "--quiet", `name==${name}`)).stdout.trim() !== "",
    names: async (host) => (await all()).filter((name) => name.startsWith(`${host}/`)),
    tag: async (image, name) => {
      await ctr("tag", "--force", image, name);
    },
    remove: async (name) => {
      await ctr("remove", name);
    },
    push: async (image, name, { user, password }) => {
      // Under its own name: one for another registry would stay behind on the node.
      await ctr("push", "--plain-http", "--platform", "linux/amd64", "--user", `${user}:${password}`, name, image);
    },
  };
}

/** Ends a process without notice and starts it again. */
export async function restartProcess({ pid, pidFile, command }: NodeProcess): Promise<void> {
  process.kill(pid, "SIGKILL");
  while (existsSync(`/proc/${pid}/exe`)) await sleep(100);
  const [program = "", ...args] = command;
  const child = spawn(program, args, { detached: true, stdio: "ignore" });
  child.unref();
  writeFileSync(pidFile, String(child.pid));
}

/** Lets a process run one second in four, until `stop` is called. */
export function slowDown({ pid }: NodeProcess): { stop: () => Promise<void> } {
  let isSlow = true;
  const loop = async () => {
    while (isSlow) {
      process.kill(pid, "SIGSTOP");
      await sleep(3000);
      process.kill(pid, "SIGCONT");
      await sleep(1000);
    }
  };
  const done = loop();
  return {
    stop: async () => {
      isSlow = false;
      await done;
    },
  };
}
