import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes a program in place of a tool, which adds how it was called to the file `calls` beside it; returns its path. */
export function standIn(folder: string, name: string, body: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\necho "${name} $*" >>"${folder}/calls"\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}
