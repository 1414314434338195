import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** Whether there is such a process, other than one that has ended and whose parent has not asked how. */
export function isRunning(pid: number): boolean {
  const path = `/proc/${pid}/stat`;
  return existsSync(path) && !readFileSync(path, "utf8").includes(") Z ");
}

/** How a script has ended, and what it has printed. */
export interface Run {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a script of the project, its output going to no terminal. */
export function runScript(script: string, args: string[], env: NodeJS.ProcessEnv = process.env): Promise<Run> {
  const child = spawn(process.execPath, [script, ...args], { env });
  const run: Run = { status: null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (run.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (run.stderr += text));
  return new Promise((resolve) => child.on("close", (status) => resolve({ ...run, status })));
}
