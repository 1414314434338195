import { execFile } from "node:child_process";

/** What a program printed, whether it ended well or not. */
export interface Answer {
  ok: boolean;
  stdout: string;
  stderr: string;
}

/** An answer, and what there is to say where the program said nothing. */
export interface Run extends Answer {
  /** Empty where it ended well. */
  silence: string;
}

export interface RunOptions {
  input?: string;
  /** @default 30 */
  timeoutSeconds?: number;
  /** Variables beside those of this process. */
  env?: Readonly<Record<string, string>>;
}

/**
 * Runs a program beside others, and ends it when it takes too long.
 *
 * @returns undefined where there is no such program on PATH
 */
export function runProgram(
  name: string,
  args: readonly string[],
  { input = "", timeoutSeconds = 30, env = {} }: RunOptions = {},
): Promise<Run | undefined> {
  const options = { timeout: timeoutSeconds * 1000, maxBuffer: 256 * 2 ** 20, env: { ...process.env, ...env } };
  return new Promise((resolve) => {
    const child = execFile(name, args, options, (error, stdout, stderr) => {
      if (error?.code === "ENOENT") {
        resolve(undefined);
        return;
      }
      const ended = error === null ? "" : `${name} failed without a word`;
      const silence = error?.killed === true ? `no answer within ${timeoutSeconds} s` : ended;
      resolve({ ok: error === null, stdout, stderr: stderr.trim(), silence });
    });
    // A pipe whose other end is gone is told by the exit code.
    child.stdin?.on("error", () => undefined).end(input);
  });
}

/** Why a program failed, in its own words if it has any. */
export function reasonOf({ stderr, silence }: Run): string {
  return stderr === "" ? silence : stderr;
}
