import { existsSync, readFileSync } from "node:fs";

/** Whether there is such a process, other than one that has ended and whose parent has not asked how. */
export function isRunning(pid: number): boolean {
  const path = `/proc/${pid}/stat`;
  return existsSync(path) && !readFileSync(path, "utf8").includes(") Z ");
}
