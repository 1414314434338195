import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { folder } from "../program/program-cases.ts";

/** The environment and the arguments that run images/backup's own package on this machine. */
export function backupPackage(...command: string[]): { args: string[]; env: NodeJS.ProcessEnv } {
  const args = ["run", "--quiet", "--frozen", "--project", join(folder, "images/backup"), ...command];
  return { args, env: { ...process.env, UV_PROJECT_ENVIRONMENT: join(folder, ".venv/backup") } };
}

/** age's two keys: who has the identity can read what is encrypted to the recipient. */
export interface KeyPair {
  identity: string;
  recipient: string;
}

export async function newKeyPair(): Promise<KeyPair> {
  const script = "from pyrage import x25519; key = x25519.Identity.generate(); print(key, key.to_public())";
  const { args, env } = backupPackage("python", "-c", script);
  const { stdout } = await promisify(execFile)(join(folder, "scripts/uv"), args, { env });
  const [identity = "", recipient = ""] = stdout.trim().split(" ");
  return { identity, recipient };
}
