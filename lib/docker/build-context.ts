import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import dockerignore from "@balena/dockerignore";

/** A file that a build may copy. */
export interface ContextFile {
  /** Below the context, with slashes. */
  path: string;
  isExecutable: boolean;
  content: Buffer;
  /** Where a symbolic link points to; undefined: it is a file. */
  link: string | undefined;
}

/** What tools leave in a folder of sources and git does not have. */
const leftBehind = /^(__pycache__|\.venv|\.git|\.pytest_cache|\.mypy_cache|\.ruff_cache|.*\.egg-info|.*\.pyc)$/;

/** The files of a context that its `.dockerignore` leaves in it, without what tools leave behind, sorted by their path. */
export function contextFiles(folder: string): ContextFile[] {
  const filter = dockerignore.default().add(ignoreFile(folder));
  return [...pathsIn(folder, "")]
    .filter((path) => path !== ".dockerignore" && !filter.ignores(path))
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((path) => fileAt(folder, path));
}

/**
 * A fingerprint of files: the same on every machine, since neither times nor owners nor other modes than the
 * executable bit are part of it.
 */
export function fingerprintOfFiles(files: readonly ContextFile[]): string {
  const lines = files.map(({ path, isExecutable, content, link }) =>
    JSON.stringify([path, isExecutable, link ?? null, sha256(content)]),
  );
  return sha256(lines.join("\n"));
}

export function sha256(text: string | Buffer): string {
  return createHash("sha256").update(text).digest("hex");
}

function* pathsIn(folder: string, below: string): Generator<string> {
  for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
    if (leftBehind.test(entry.name)) continue;
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) yield* pathsIn(folder, path);
    else yield path;
  }
}

function fileAt(folder: string, path: string): ContextFile {
  const full = join(folder, path);
  const stat = lstatSync(full);
  if (stat.isSymbolicLink()) {
    return { path, isExecutable: false, content: Buffer.alloc(0), link: readlinkSync(full) };
  }
  return { path, isExecutable: (stat.mode & 0o100) !== 0, content: readFileSync(full), link: undefined };
}

function ignoreFile(folder: string): string {
  try {
    return readFileSync(join(folder, ".dockerignore"), "utf8");
  } catch {
    // Without one, nothing is ignored.
    return "";
  }
}
