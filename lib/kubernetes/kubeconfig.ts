import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClusterAccess } from "./kubectl.ts";

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
