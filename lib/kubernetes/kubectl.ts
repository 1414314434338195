import { spawn, spawnSync } from "node:child_process";
import { textAt } from "../json.ts";
import { type Answer, runProgram, type RunOptions } from "../programs/program.ts";

/** How kubectl reaches a cluster. */
export interface ClusterAccess {
  /** Context of the kubeconfig. @default - its current one */
  context?: string | undefined;
  /** Path of the kubeconfig. @default - what KUBECONFIG names, or ~/.kube/config */
  kubeconfig?: string | undefined;
}

/** Where kubectl works. */
export interface KubectlTarget extends ClusterAccess {
  namespace: string;
}

/**
 * Runs kubectl and returns what it prints.
 *
 * @param timeoutSeconds after which it is ended. @default - never
 * @throws with its own words
 */
export function kubectl(target: KubectlTarget, args: string[], input = "", timeoutSeconds = 0): string {
  const { status, stdout, stderr, error } = spawnSync("kubectl", [...targetOptions(target), ...args], {
    input,
    timeout: timeoutSeconds * 1000,
    encoding: "utf8",
    maxBuffer: 64 * 2 ** 20,
  });
  if (textAt(error, "code") === "ETIMEDOUT") throw new Error(`no answer within ${timeoutSeconds} s`);
  if (error !== undefined) throw notStarted(error);
  if (status !== 0)
    throw new Error(withoutClientLog(stderr) || `kubectl ${args[0] ?? ""} ended with ${String(status)}`);
  return stdout;
}

/** Runs kubectl beside others, and ends it when it takes too long; throws only where kubectl cannot be run at all. */
export async function queryKubectl(
  target: ClusterAccess | KubectlTarget,
  args: string[],
  options: Pick<RunOptions, "input" | "timeoutSeconds"> = {},
): Promise<Answer> {
  const run = await runProgram("kubectl", [...targetOptions(target), ...args], options);
  if (run === undefined) throw notStarted({ code: "ENOENT", message: "" });
  const { ok, stdout, stderr, silence } = run;
  return { ok, stdout, stderr: withoutClientLog(stderr) || silence };
}

/** There is no kubectl that could answer. */
export class KubectlMissing extends Error {}

/** Why there is no kubectl to answer. */
export function notStarted({ code, message }: { code?: unknown; message: string }): Error {
  const missing = "it is not on PATH; install it (https://kubernetes.io/docs/tasks/tools/)";
  return new KubectlMissing(`kubectl cannot be run: ${code === "ENOENT" ? missing : message}`);
}

/** What kubectl says to people: its client's own log, a line for each attempt, comes before. */
function withoutClientLog(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => !/^[EIW]\d{4} [\d:.]+ +\d+ \S+\.go:\d+\]/.test(line));
  return lines.join("\n").trim();
}

/** Runs kubectl with its output shown as it comes. */
export function follow(target: KubectlTarget, args: string[]): Promise<void> {
  return new Promise((resolve) => {
    const process = spawn("kubectl", [...targetOptions(target), ...args], { stdio: ["ignore", "inherit", "inherit"] });
    process.on("error", () => {
      resolve();
    });
    process.on("close", () => {
      resolve();
    });
  });
}

/** What tells kubectl where to work. */
export function targetOptions(target: ClusterAccess | KubectlTarget): string[] {
  const { context, kubeconfig } = target;
  return [
    ...("namespace" in target ? ["--namespace", target.namespace] : []),
    ...(context === undefined ? [] : ["--context", context]),
    ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig]),
  ];
}

/** `kubectl` as a user types it for the cluster. */
export function kubectlCommand(access: ClusterAccess): string {
  return ["kubectl", ...targetOptions(access)].join(" ");
}
