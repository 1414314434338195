import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Session } from "./session.ts";

const run = promisify(execFile);
const sizeMiB = 256;

/** A claim's volume that lies on this machine. */
export interface LocalVolume {
  path: string;
  /** The StatefulSet whose one pod has it. */
  owner: string;
}

/** Where a claim's files are; undefined where that is no folder of this machine. */
export async function localVolume(session: Session, claim: string, owner: string): Promise<LocalVolume | undefined> {
  const name = await session.kubectl("get", "pvc", claim, "--output", "jsonpath={.spec.volumeName}");
  const path = await session.kubectl("get", "pv", name, "--output", "jsonpath={.spec.hostPath.path}");
  return path !== "" && existsSync(path) ? { path, owner } : undefined;
}

/** Moves a volume to a small file system for as long as `use` takes. */
export async function onSmallVolume(session: Session, volume: LocalVolume, use: () => Promise<void>): Promise<void> {
  const copy = await mkdtemp(join(tmpdir(), "e2e-volume-"));
  await stopped(session, volume, async () => {
    await copyAll(volume.path, copy);
    await run("mount", ["-t", "tmpfs", "-o", `size=${sizeMiB}m,mode=0777`, "tmpfs", volume.path]);
    await copyAll(copy, volume.path);
  });
  try {
    await use();
  } finally {
    await stopped(session, volume, async () => {
      await rm(copy, { recursive: true });
      await copyAll(volume.path, copy);
      await run("umount", [volume.path]);
      for (const entry of await readdir(volume.path)) await rm(join(volume.path, entry), { recursive: true });
      await copyAll(copy, volume.path);
    });
    await rm(copy, { recursive: true });
  }
}

/** Fills what is left of a volume; the returned function makes room again. */
export async function fill({ path }: LocalVolume): Promise<() => Promise<void>> {
  const filler = join(path, "filler");
  const block = Buffer.alloc(2 ** 20);
  const blocks = Array.from({ length: sizeMiB }, () => block);
  await writeFile(filler, blocks).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  });
  return () => rm(filler);
}

/** With the volume's only user stopped. */
async function stopped(session: Session, { owner }: LocalVolume, act: () => Promise<void>): Promise<void> {
  await session.kubectl("scale", `statefulset/${owner}`, "--replicas=0");
  await session.kubectl("wait", "--for=delete", `pod/${owner}-0`, "--timeout=180s");
  await act();
  await session.kubectl("scale", `statefulset/${owner}`, "--replicas=1");
  await session.kubectl("rollout", "status", `statefulset/${owner}`, "--timeout=300s");
}

/** With owners, modes and times. */
function copyAll(from: string, to: string): Promise<unknown> {
  return run("cp", ["--archive", `${from}/.`, to]);
}
