import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { textAt } from "./json.ts";

const codes = ["EACCES", "EEXIST", "ENOENT", "ENOSPC", "ENOTDIR", "EPERM", "EROFS"];

/** The code of an error that says that something cannot be written; undefined: it is another error. */
export function unwritable(error: unknown): string | undefined {
  const code = textAt(error, "code") ?? "";
  return codes.includes(code) ? code : undefined;
}

/** @throws the system's error where a folder can neither be made nor changed */
export function tryWritable(folder: string): void {
  const existing = nearestExisting(folder);
  if (!statSync(existing).isDirectory()) throw Object.assign(new Error(), { code: "ENOTDIR" });
  accessSync(existing, constants.W_OK | constants.X_OK);
}

/** The path itself, or the folder above it that exists. */
export function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}
