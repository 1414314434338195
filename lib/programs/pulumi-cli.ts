import { spawnSync } from "node:child_process";
import { join } from "node:path";

const pulumi = join(import.meta.dirname, "../../scripts/pulumi");

/** Whether there is a Pulumi CLI. */
export function hasCli(): boolean {
  return spawnSync(pulumi, ["--find"]).status === 0;
}

/** @throws with the words of scripts/pulumi, which say how to install one */
export function assertCli(): void {
  const { status, stderr } = spawnSync(pulumi, ["version"], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr.trim());
}
