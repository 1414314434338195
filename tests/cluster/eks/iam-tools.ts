import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Context } from "mocha";
import { skipWithReason } from "../../skip.ts";

const top = join(import.meta.dirname, "../../..");
const project = join(top, "tests/cluster/eks/iam");
const environment = join(top, ".venv/iam");

/** Installs what tests/cluster/eks/iam locks; skips the suite where that is not possible. */
export function installIamTools(context: Context): void {
  context.timeout(180_000);
  const env = { ...process.env, UV_PROJECT_ENVIRONMENT: environment };
  const { status } = spawnSync(join(top, "scripts/uv"), ["sync", "--quiet", "--frozen", "--project", project], { env });
  if (status !== 0) skipWithReason(context, "parliament and moto cannot be installed: no Python 3.11 or no PyPI");
}

/** Runs a script of tests/cluster/eks/iam, away from the user's own credentials; JSON goes in and comes out. */
export function runIamTool(script: string, input: unknown): unknown {
  const keys = { AWS_ACCESS_KEY_ID: "testing", AWS_SECRET_ACCESS_KEY: "testing", AWS_DEFAULT_REGION: "eu-central-1" };
  const { status, stdout, stderr } = spawnSync(join(environment, "bin/python"), [join(project, script)], {
    encoding: "utf8",
    input: JSON.stringify(input),
    env: { PATH: process.env.PATH, ...keys },
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}
