import { existsSync, mkdtempSync, rmdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { textAt } from "./json.ts";

const codes = ["EACCES", "EEXIST", "ENOENT", "ENOSPC", "ENOTDIR", "EPERM", "EROFS"];

/** The code of an error that says that something cannot be written; undefined: it is another error. */
export function unwritable(error: unknown): string | undefined {
  const code = textAt(error, "code") ?? "";
  return codes.includes(code) ? code : undefined;
}

/** @throws the system's error where a folder can neither be made nor changed */
export function tryWritable(folder: string): void {
  // Only a file system itself knows. A recursive mkdir below /proc never ends.
  rmdirSync(mkdtempSync(join(nearestExisting(folder), ".writable-")));
}

/** The path itself, or the folder above it that exists. */
export function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}
