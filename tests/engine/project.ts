import { execFile, spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";
import { textAt } from "../../preview/json.ts";
import { folder } from "../program-cases.ts";

const run = promisify(execFile);

/** The Pulumi CLI that scripts/pulumi finds; undefined where there is none. */
export function findCli(): string | undefined {
  const { status, stdout } = spawnSync(join(folder, "scripts/pulumi"), ["--find"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** A throw-away copy of the project with a state of its own. */
export interface EngineProject {
  stack: string;
  folder: string;
  /** Of the CLI: its backend and passphrase. */
  env: NodeJS.ProcessEnv;
  /** Runs the CLI; rejects with its output where it fails. */
  pulumi: (...args: string[]) => Promise<string>;
  remove: () => Promise<void>;
}

/** What a failed command has printed: the CLI says on its output what went wrong. */
function outputOf(error: unknown): string {
  const printed = ["stdout", "stderr"].map((stream) => textAt(error, stream) ?? "").join("");
  return printed === "" ? String(error) : printed;
}

/**
 * Copies the project into a temporary folder, its stack's file as a stack `test` with a file backend.
 *
 * @param change changes the stack's configuration before it is written
 */
export async function engineProject(
  cli: string,
  stackFile: string,
  change: (config: Record<string, unknown>) => void,
): Promise<EngineProject> {
  const copy = await mkdtemp(join(tmpdir(), "engine-"));
  const entries = [
    "Pulumi.yaml",
    "package.json",
    "start.js",
    "index.ts",
    "config.ts",
    "config",
    "components",
    "dashboards",
    "alerts",
  ];
  for (const entry of entries) await cp(join(folder, entry), join(copy, entry), { recursive: true });
  await symlink(join(folder, "node_modules"), join(copy, "node_modules"));
  const text = await readFile(join(folder, stackFile), "utf8");
  const { config } = parse(text) as { config: Record<string, unknown> };
  change(config);
  await writeFile(join(copy, "Pulumi.test.yaml"), stringify({ config }));
  await mkdir(join(copy, ".state"));
  const env = {
    ...process.env,
    PATH: `${join(folder, "node_modules/.bin")}:${process.env.PATH ?? ""}`,
    PULUMI_BACKEND_URL: `file://${copy}/.state`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const pulumi = async (...args: string[]) => {
    const options = { cwd: copy, env, maxBuffer: 256 * 2 ** 20 };
    try {
      const { stdout } = await run(cli, [...args, "--non-interactive"], options);
      return stdout;
    } catch (error) {
      throw new Error(`pulumi ${args[0] ?? ""} failed\n${outputOf(error)}`, { cause: error });
    }
  };
  await pulumi("stack", "init", "test");
  return { stack: "test", folder: copy, env, pulumi, remove: () => rm(copy, { recursive: true, force: true }) };
}
