import { existsSync } from "node:fs";
import { lstat, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { UsageError } from "../lib/errors.ts";
import type { PreviewFiles } from "./files.ts";
import { refuseGitFolder } from "../lib/programs/git.ts";
import { tryWritable, unwritable } from "../lib/writable.ts";

/** What marks a folder as a preview's, so that the next one may replace it. */
const marker = ".preview";
const markerText = "Written by `make preview OUT=…`, which replaces the whole folder. Edits are lost.\n";
const secretsFolder = "secrets";

/**
 * Refuses a folder that a preview may not replace.
 *
 * @param withSecrets whether real secrets will be written into it
 * @throws UsageError
 */
export async function checkFolder(folder: string, withSecrets: boolean): Promise<void> {
  const status = await lstat(folder).catch(() => undefined);
  if (status !== undefined && !status.isDirectory()) throw new UsageError(`${folder} exists and is not a folder`);
  try {
    tryWritable(resolve(folder));
  } catch (error) {
    throw cannotWrite(folder, error);
  }
  const entries = status === undefined ? [] : await readdir(folder);
  if (entries.length > 0 && !entries.includes(marker)) {
    throw new UsageError(`${folder} is not empty and not an earlier preview: choose another OUT, or empty it first`);
  }
  if (!withSecrets) return;
  if (entries.includes(secretsFolder)) {
    throw new UsageError(
      `${join(folder, secretsFolder)} contains secrets of an earlier run, which may be in use: delete it or choose another OUT`,
    );
  }
  await refuseGitFolder(resolve(folder));
}

function cannotWrite(folder: string, error: unknown): unknown {
  const code = unwritable(error);
  if (code === undefined) return error;
  return new UsageError(`${folder} cannot be written to (${code}): set OUT to a folder in which you may write`);
}

/**
 * Replaces a folder by a preview's files in one step: it holds the old ones or the new ones, never a mixture.
 *
 * Secrets of an earlier run are kept, since what they were deployed to may still use them.
 *
 * @throws UsageError where it cannot be written
 */
export async function writeFolder(folder: string, files: PreviewFiles): Promise<void> {
  await replaceFolder(folder, files).catch((error: unknown) => {
    throw cannotWrite(folder, error);
  });
}

async function replaceFolder(folder: string, files: PreviewFiles): Promise<void> {
  const target = resolve(folder);
  const beside = (role: string) => join(dirname(target), `.${basename(target)}.${role}-${process.pid}`);
  const [next, previous] = [beside("new"), beside("old")];
  try {
    await mkdir(next, { recursive: true });
    await writeFile(join(next, marker), markerText);
    await writeAll(next, files.plain, 0o644);
    await swap(target, next, previous);
  } finally {
    await rm(next, { recursive: true, force: true });
  }
  const kept = join(previous, secretsFolder);
  if (existsSync(kept)) await rename(kept, join(target, secretsFolder));
  await rm(previous, { recursive: true, force: true });
  if (files.secret.size > 0) await writeSecrets(target, files.secret);
}

/** Puts `next` in the place of `target`, which becomes `previous`; on an error `target` stays. */
async function swap(target: string, next: string, previous: string): Promise<void> {
  const isReplaced = existsSync(target);
  if (isReplaced) await rename(target, previous);
  try {
    await rename(next, target);
  } catch (error) {
    if (isReplaced) await rename(previous, target);
    throw error;
  }
}

async function writeAll(folder: string, files: ReadonlyMap<string, string>, mode: number): Promise<void> {
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { mode });
  }
}

/** The folder is closed before the first secret is in it. */
async function writeSecrets(target: string, files: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(join(target, secretsFolder), { mode: 0o700 });
  await writeAll(join(target, secretsFolder), files, 0o600);
}
