// make rotate WHAT=fernet|admin|database|minio [STACK=minikube] [FINISH=1]: renews keys and passwords.
//
// It raises the generation in the stack's configuration, deploys, and takes the old value away once nothing uses it.
// With --finish it does the last step alone, which may run any number of times.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { CommandLineError, readOptions, runScript } from "../../lib/command-line.ts";
import { finishRotation, type Rotation, rotations } from "./finish-rotation.ts";
import { dataOutput, readDataLocations } from "../../config/data-output.ts";
import { nextGeneration } from "./generations.ts";
import { assertPlatform } from "../platform/platform-json.ts";
import { assertCli } from "../../lib/programs/pulumi-cli.ts";
import { update } from "../stack/update.ts";

const pulumi = join(import.meta.dirname, "../pulumi");

async function main(args: string[]): Promise<void> {
  const values = readOptions(args, {
    what: { type: "string", default: "" },
    stack: { type: "string", default: "minikube" },
    namespace: { type: "string", default: "mlops" },
    context: { type: "string" },
    finish: { type: "boolean", default: false },
    yes: { type: "boolean", default: false },
  });
  const { stack, namespace, context, finish, yes } = values;
  const what = rotations.find((name) => name === values.what);
  if (what === undefined)
    throw new CommandLineError(
      `${values.what === "" ? "WHAT is not set" : `found WHAT=${values.what}`}: run \`make rotate WHAT=${rotations.join("|")}\` with one of these values`,
    );
  assertCli();
  if (what === "database" && hasGivenLogins(stack))
    throw new Error(
      `a DBA makes the logins of stack ${stack} (postgres.databases): docs/site.md explains how to set their new passwords`,
    );
  // The administrators' passwords change in the update alone.
  if (what !== "admin") assertPlatform({ namespace, context }, stack);
  const up = (then: string) => deploy(stack, yes, then);
  if (!finish) {
    raise(stack, what);
    await up(`make rotate WHAT=${what} STACK=${stack}`);
  }
  await finishRotation({ namespace, context }, what);
  if (what === "fernet") {
    const retired = configured(stack, "fernet") - 1;
    set(stack, "fernetRetired", retired);
    await up(`make rotate WHAT=fernet STACK=${stack} FINISH=1`);
  }
  console.error(`${what}: the new value is in use, the old one is revoked`);
}

/** Sets the next generation, or keeps one that was set and not deployed yet. */
function raise(stack: string, what: Rotation): void {
  const running = (deployedOutput(stack, "rotation") as Record<Rotation, number>)[what];
  if (what === "minio" && !hasMinio(stack))
    throw new Error(`stack ${stack} has no MinIO: docs/site.md explains how to set new keys of your own S3`);
  set(stack, what, nextGeneration(running, configured(stack, what)));
}

/** An output of the last update. */
function deployedOutput(stack: string, name: string): unknown {
  const { status, stdout } = spawnSync(pulumi, ["stack", "output", name, "--json", "--stack", stack], {
    encoding: "utf8",
  });
  if (status !== 0)
    throw new Error(`stack ${stack} has not been deployed with this version yet: run \`make up STACK=${stack}\` first`);
  return JSON.parse(stdout);
}

function hasMinio(stack: string): boolean {
  const locations = readDataLocations(deployedOutput(stack, dataOutput));
  return locations?.volumes.some(({ name }) => name === "minio-data") ?? false;
}

/** Whether the stack names databases and logins that a DBA made. */
function hasGivenLogins(stack: string): boolean {
  const get = ["config", "get", "--stack", stack, "--path", "postgres.databases"];
  const { status, stdout } = spawnSync(pulumi, get, { encoding: "utf8" });
  return status === 0 && stdout.trim().startsWith("{");
}

function configured(stack: string, key: string): number {
  const { status, stdout } = spawnSync(pulumi, ["config", "get", "--stack", stack, "--path", `rotation.${key}`], {
    encoding: "utf8",
  });
  return status === 0 ? Number(stdout.trim()) : 1;
}

function set(stack: string, key: string, value: number): void {
  const { status } = spawnSync(
    pulumi,
    ["config", "set", "--stack", stack, "--path", `rotation.${key}`, String(value)],
    { stdio: "inherit" },
  );
  if (status !== 0) throw new Error(`could not set rotation.${key} of stack ${stack}`);
  console.error(`rotation.${key}: ${value}`);
}

async function deploy(stack: string, yes: boolean, then: string): Promise<void> {
  if ((await update("up", stack, yes ? ["--yes"] : [])) === 0) return;
  throw new Error(
    `the update did not finish and the old value is still valid: fix the error above, then run \`${then}\` again`,
  );
}

await runScript("scripts/rotate/rotate.ts", main);
