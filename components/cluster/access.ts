import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** How kubectl reaches a cluster. */
export interface ClusterAccess {
  /** Context of the kubeconfig. @default - its current one */
  context?: string | undefined;
  /** Path of the kubeconfig. @default - $KUBECONFIG, else ~/.kube/config */
  kubeconfig?: string | undefined;
}

const run = promisify(execFile);

/**
 * Runs kubectl and returns what it prints.
 *
 * @throws with kubectl's own words, and where there is no kubectl
 */
export async function kubectl(access: ClusterAccess, args: string[]): Promise<string> {
  const all = [...accessOptions(access), ...args, "--request-timeout=20s"];
  const { stdout } = await run("kubectl", all, { maxBuffer: 64 * 2 ** 20 });
  return stdout;
}

/** `kubectl` as a user types it for the cluster. */
export function kubectlCommand(access: ClusterAccess): string {
  return ["kubectl", ...accessOptions(access)].join(" ");
}

/** What tells kubectl which cluster. */
export function accessOptions({ context, kubeconfig }: ClusterAccess): string[] {
  return [
    ...(context === undefined ? [] : ["--context", context]),
    ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig]),
  ];
}

/** Gives a kubeconfig that no file holds one, readable by its owner alone, until `work` has ended. */
export async function withKubeconfig<T>(text: string, work: (access: ClusterAccess) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "kubeconfig-"));
  try {
    const kubeconfig = join(folder, "config");
    await writeFile(kubeconfig, text, { mode: 0o600 });
    return await work({ kubeconfig });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
