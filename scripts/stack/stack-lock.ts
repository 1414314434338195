import { readdirSync, readFileSync } from "node:fs";
import { hostname as thisHost } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The holder of a stack's lock, as Pulumi's file backend records it. */
interface Lock {
  pid: number;
  username: string;
  hostname: string;
  /** ISO 8601. */
  timestamp: string;
}

/**
 * Who holds a stack; other backends than a folder tell by themselves.
 *
 * @param backend URL of the backend, e.g. `file:///home/me/platform/.state`
 */
export function locksOf(backend: string, stack: string): Lock[] {
  if (!backend.startsWith("file://")) return [];
  const folder = join(fileURLToPath(backend), ".pulumi/locks/organization/mlops", stack);
  return namesIn(folder)
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => readLock(join(folder, name)));
}

/** A sentence for the second user who wants to change a stack: who holds it, and what to type. */
export function lockSentence(stack: string, { pid, username, hostname, timestamp }: Lock, isRunning = runs): string {
  const who = `${username}@${hostname}, process ${pid}, since ${timestamp}`;
  const cancel = `scripts/pulumi cancel --stack ${stack}`;
  if (hostname !== thisHost()) {
    return `stack ${stack} is being changed by ${who}: wait until it ends, or, if it no longer runs, run \`${cancel}\``;
  }
  return isRunning(pid)
    ? `stack ${stack} is being changed by ${who}: wait until it ends`
    : `stack ${stack} is locked by ${who}, which was interrupted: run \`${cancel}\`, then this command again`;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** None where the lock has gone in between. */
function readLock(path: string): Lock[] {
  try {
    return [JSON.parse(readFileSync(path, "utf8")) as Lock];
  } catch {
    return [];
  }
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
