import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { join } from "node:path";
import { assertStackFile } from "../platform/no-platform.ts";
import { exportedState } from "./exported.ts";
import { type Checkpoint, pendingNames, withoutPending } from "./state.ts";
import { lockSentence, locksOf } from "./stack-lock.ts";
import { takenOver } from "./taken-over.ts";

const pulumi = join(import.meta.dirname, "../pulumi");

/** Lets the Kubernetes provider take over objects that exist. */
const adopting = { PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" };
/** Lets it write what an update of another state has written. */
const takingOver = { ...adopting, PULUMI_K8S_ENABLE_PATCH_FORCE: "true" };

/**
 * Changes a stack.
 *
 * Objects that an interrupted update has made without writing them down are taken over, in the next update alone: else
 * an object of the same name belongs to another owner, which is an error.
 *
 * @param state as `exported` has it, where the caller has asked already
 * @returns the CLI's exit code
 * @throws where another update holds the stack
 */
export async function update(
  command: "up" | "destroy",
  stack: string,
  args: string[],
  state?: Checkpoint,
): Promise<number> {
  const [lock] = locksOf(backend(), stack);
  if (lock !== undefined) throw new Error(lockSentence(stack, lock));
  const before = state ?? (await exported(stack));
  const pending = pendingNames(before);
  const taken = command === "up" ? await takenOver(stack, before) : [];
  if (pending.length > 0) console.error(`the last update of ${stack} was interrupted while ${pending.join(", ")}`);
  if (taken.length > 0) console.error(`taking over objects with this platform's id: namespace ${taken.join(", ")}`);
  const env = { ...process.env, ...(pending.length > 0 ? adopting : {}), ...(taken.length > 0 ? takingOver : {}) };
  const { status } = spawnSync(pulumi, [command, "--stack", stack, ...args], { stdio: "inherit", env });
  if (status === 0 && pending.length > 0) {
    const input = JSON.stringify(withoutPending(await exported(stack)));
    runPulumi(["stack", "import", "--stack", stack], input);
  }
  return status ?? 1;
}

function backend(): string {
  const { url } = JSON.parse(runPulumi(["whoami", "--json"]).stdout) as { url: string };
  return url;
}

/**
 * The state, secrets encrypted.
 *
 * @throws where the stack was never deployed, with what to type
 */
export async function exported(stack: string): Promise<Checkpoint> {
  const state = await exportedState(stack);
  if (state !== undefined) return state;
  assertStackFile(stack);
  throw new Error(
    `stack ${stack} has no state: \`make up STACK=${stack}\` deploys it, \`scripts/pulumi stack ls\` lists those that are deployed`,
  );
}

function runPulumi(args: string[], input = ""): SpawnSyncReturns<string> {
  const result = spawnSync(pulumi, args, { input, encoding: "utf8", maxBuffer: 256 * 2 ** 20 });
  if (result.status !== 0) throw new Error(result.stderr.trim());
  return result;
}
