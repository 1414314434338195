import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "mocha";
import { skipWithReason } from "../skip.ts";

const program = process.env.PROMTOOL ?? "promtool";

export interface Verdict {
  passed: boolean;
  /** All that promtool says. */
  output: string;
}

/** Skips the running test, or in a `before` hook its suite, where there is no promtool. */
export function requirePromtool(context: Context): void {
  const { error } = spawnSync(program, ["--version"]);
  if (error !== undefined) {
    skipWithReason(context, "promtool is not on PATH: install Debian's package prometheus, or name one in PROMTOOL");
  }
}

/** Runs promtool. */
export function promtool(args: string[]): Verdict {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  return { passed: status === 0, output: stdout + stderr };
}

/** Runs promtool on a file with this text. */
export function promtoolOn(args: string[], text: string): Verdict {
  const folder = mkdtempSync(join(tmpdir(), "promtool-"));
  try {
    const file = join(folder, "input.yaml");
    writeFileSync(file, text);
    return promtool([...args, file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
