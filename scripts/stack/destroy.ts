// make destroy [STACK=minikube] [KEEP_DATA=1] [YES=1]: removes what a stack has made; with KEEP_DATA all but its data.
//
//   scripts/stack/destroy.ts [--keep-data] STACK [ARG ...]
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { isCloudResource, isKind, kindOf } from "../../components/cluster/kinds.ts";
import { readCommand, runScript } from "../../lib/command-line.ts";
import { dataOf } from "./kept-data.ts";
import { guardsOf, protectedNames, refusal } from "./protected.ts";
import type { Checkpoint } from "./state.ts";
import { exported, update } from "./update.ts";

const pulumi = join(import.meta.dirname, "../pulumi");

async function main(all: string[]): Promise<number> {
  const { values, args } = readCommand(all, { "keep-data": { type: "boolean", default: false } });
  const [stack = "minikube", ...others] = args;
  const state = await exported(stack);
  if (!values["keep-data"]) return update("destroy", stack, [...protectionArgs(stack, state), ...others], state);
  const data = dataOf(state);
  if (data.length > 0) changeProtection("protect", stack, data);
  // They depend on all that is to go.
  const guards = guardsOf(state);
  if (guards.length > 0) changeProtection("unprotect", stack, guards);
  const code = await update("destroy", stack, ["--exclude-protected", ...others], state);
  if (code === 0 && data.length > 0) console.error(kept(stack));
  return code;
}

function changeProtection(change: "protect" | "unprotect", stack: string, urns: string[]): void {
  const { status } = spawnSync(pulumi, ["state", change, "--yes", "--stack", stack, ...urns], { stdio: "inherit" });
  if (status !== 0) throw new Error(`could not ${change} resources of stack ${stack}; nothing was removed`);
}

/**
 * A laptop's platform goes with its data without a flag.
 *
 * @throws where another stack protects something: the engine would refuse that, and remove the rest before
 */
function protectionArgs(stack: string, state: Checkpoint): string[] {
  const names = protectedNames(state);
  if (names.length === 0) return [];
  const kind = clusterKind(stack);
  if (isKind(kind) && kindOf({ kind }).isLocal) return ["--ignore-protect"];
  throw new Error(refusal(stack, names, (state.deployment.resources ?? []).some(isCloudResource)));
}

function clusterKind(stack: string): string {
  const args = ["config", "get", "--stack", stack, "--path", "cluster.kind"];
  return spawnSync(pulumi, args, { encoding: "utf8" }).stdout.trim();
}

const kept = (stack: string) =>
  `the volumes and the encryption keys are kept: \`make up STACK=${stack}\` deploys the platform with them again, ` +
  `\`scripts/pulumi destroy --ignore-protect --stack ${stack}\` removes them for good`;

await runScript("scripts/stack/destroy.ts", main);
