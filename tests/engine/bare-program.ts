import assert from "node:assert/strict";
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folder as top } from "../program/program-cases.ts";
import { skipWithReason } from "../skip.ts";
import { engineEnvironment } from "./engine-environment.ts";
import { findCli } from "./project.ts";

/** A throw-away program in plain JavaScript, with a stack `dev` in a file backend. */
export interface BareProgram {
  /** Path of the Pulumi CLI. */
  cli: string;
  folder: string;
  /** Of the CLI: its backend and passphrase. */
  env: NodeJS.ProcessEnv;
  /** Runs the CLI on the stack, with more variables. */
  pulumi: (args: string[], more?: NodeJS.ProcessEnv) => SpawnSyncReturns<string>;
  remove: () => Promise<void>;
}

/**
 * Skips with a reason where there is no CLI.
 *
 * @param program text of its index.js
 * @param linked folders and files of the project that it imports
 */
export async function bareProgram(
  context: Mocha.Context,
  program: string,
  linked: readonly string[] = [],
): Promise<BareProgram> {
  const cli = findCli() ?? skipWithReason(context, "no Pulumi CLI is found");
  const folder = await mkdtemp(join(tmpdir(), "bare-program-"));
  await mkdir(join(folder, ".state"));
  for (const name of ["node_modules", ...linked]) await symlink(join(top, name), join(folder, name));
  await writeFile(join(folder, "Pulumi.yaml"), "name: mlops\nruntime: {name: nodejs, options: {typescript: false}}\n");
  await writeFile(join(folder, "package.json"), '{"type": "module", "main": "index.js"}');
  await writeFile(join(folder, "index.js"), program);
  const env = engineEnvironment(folder);
  const pulumi = (args: string[], more: NodeJS.ProcessEnv = {}) =>
    spawnSync(cli, [...args, "--stack", "dev", "--non-interactive"], {
      cwd: folder,
      env: { ...env, ...more },
      encoding: "utf8",
    });
  assert.equal(pulumi(["stack", "init"]).status, 0);
  return { cli, folder, env, pulumi, remove: () => rm(folder, { recursive: true, force: true }) };
}
