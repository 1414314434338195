import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ContextFile } from "../../lib/docker/build-context.ts";
import type { Build } from "./build.ts";

/** Where a build finds its files, relative to the project's folder. */
export interface Staged {
  dockerfile: string;
  context: string;
  contexts: Record<string, string>;
}

/** Relative, since the state keeps it and everyone's checkout is elsewhere. */
const folder = "node_modules/.cache/images";

/** Where the files of a build are, or would be. */
export function stagedAt({ name, tag, contexts }: Build): Staged {
  const place = `${folder}/${name}-${tag}`;
  const named = Object.keys(contexts).map((context) => [context, `${place}/contexts/${context}`] as const);
  return { dockerfile: `${place}/Dockerfile`, context: `${place}/context`, contexts: Object.fromEntries(named) };
}

/**
 * Copies the files of a build to a folder of their own, where their modes and nothing but their content differ.
 *
 * The provider compares modes too, and reads what `.dockerignore` and git leave out of a checkout: it would build again on
 * each machine with another umask, and after each test that leaves a file behind.
 *
 * @param root the project's folder
 */
export function stage(build: Build, root: string): void {
  const staged = stagedAt(build);
  const place = join(root, dirname(staged.dockerfile));
  if (existsSync(place)) return;
  mkdirSync(join(root, folder), { recursive: true });
  // Whole or not at all, also where two runs make it.
  const draft = mkdtempSync(`${place}.`);
  try {
    const inDraft = (path: string) => join(draft, path.slice(dirname(staged.dockerfile).length));
    writeFile(inDraft(staged.dockerfile), build.dockerfile, 0o644);
    write(inDraft(staged.context), build.context);
    for (const [name, path] of Object.entries(staged.contexts)) write(inDraft(path), build.contexts[name] ?? []);
    rename(draft, place);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function write(place: string, files: readonly ContextFile[]): void {
  mkdirSync(place, { recursive: true });
  for (const { path, isExecutable, content, link } of files) {
    const full = join(place, path);
    for (const folder of foldersAbove(path)) makeFolder(join(place, folder));
    if (link === undefined) writeFile(full, content, isExecutable ? 0o755 : 0o644);
    else symlinkSync(link, full);
  }
}

/** E.g. `src` and `src/app` of `src/app/cli.py`. */
function foldersAbove(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join("/"));
}

// The process's umask is taken off a mode at the creation, and off none afterwards.

function makeFolder(path: string): void {
  if (existsSync(path)) return;
  mkdirSync(path);
  chmodSync(path, 0o755);
}

function writeFile(path: string, content: string | Buffer, mode: number): void {
  writeFileSync(path, content);
  chmodSync(path, mode);
}

function rename(draft: string, place: string): void {
  try {
    renameSync(draft, place);
  } catch (error) {
    // Another run has made the same.
    if (!existsSync(place)) throw error;
  }
}
