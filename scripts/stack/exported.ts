import { join } from "node:path";
import { reasonOf, runProgram } from "../../lib/programs/program.ts";
import type { Checkpoint } from "./state.ts";

const pulumi = join(import.meta.dirname, "../pulumi");

/**
 * The state of a stack, its secrets encrypted, as the CLI exports it.
 *
 * @returns undefined where there is no such stack
 * @throws with the CLI's words where it cannot tell
 */
export async function exportedState(stack: string): Promise<Checkpoint | undefined> {
  const run = await runProgram(pulumi, ["stack", "export", "--stack", stack], { timeoutSeconds: 120 });
  if (run === undefined) throw new Error(`${pulumi} does not exist`);
  if (run.ok) return JSON.parse(run.stdout) as Checkpoint;
  if (/no stack named/i.test(run.stderr)) return undefined;
  throw new Error(reasonOf(run));
}
