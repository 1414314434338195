// make preflight [STACK=minikube] [JSON=1]: says what would stop the first deployment of a stack, and changes nothing.
//
//   scripts/preflight/preflight.ts [--stack minikube] [--json] [--before-up]
//
// It asks the clouds by their own CLIs and APIs, as the identity that deploys. The exit code is 1 if a check failed.
// With --before-up, it asks only for the identities where the stack is deployed, and prints only what is not right.
import "../../preview/runtime.ts";
import type { Known } from "../../components/preflight/known.ts";
import type { Deployed } from "../../components/preflight/plan.ts";
import type { Row } from "../../components/preflight/row.ts";
import { cloudRows } from "../../components/cluster/preflights.ts";
import { readOptions, runScript } from "../../lib/command-line.ts";
import { Progress } from "../../lib/terminal.ts";
import { assertStackFile } from "../platform/no-platform.ts";
import { builderRows } from "./builder.ts";
import { configurationRows, unplannedRows } from "./configuration.ts";
import { kubernetesRows } from "./kubernetes/kubernetes.ts";
import { type Planned, planned } from "./planned.ts";
import { exitCodeOf, jsonOf, textOf } from "./report.ts";
import { stateOf } from "./stack-state.ts";

async function main(args: string[]): Promise<number> {
  const options = readOptions(args, {
    stack: { type: "string", default: "minikube" },
    json: { type: "boolean", default: false },
    "before-up": { type: "boolean", default: false },
  });
  const { stack, json } = options;
  assertStackFile(stack);
  const rows = await look(stack, options["before-up"]);
  const code = exitCodeOf(rows);
  if (json) console.log(jsonOf(stack, rows));
  else if (code !== 0 || !options["before-up"]) console.log(textOf(rows));
  return code;
}

async function look(stack: string, isBeforeUp: boolean): Promise<Row[]> {
  const progress = new Progress();
  try {
    progress.start("running the program");
    const [result, state] = await Promise.all([planned(stack).catch(unplannedRows), stateOf(stack)]);
    if (Array.isArray(result)) return result;
    progress.start("asking the cloud or the cluster");
    return await rowsOf(result, { state, identityOnly: isBeforeUp && isDeployed(state) });
  } finally {
    progress.end();
  }
}

async function rowsOf(result: Planned, deployed: Deployed): Promise<Row[]> {
  const cloud = await cloudRows(result.plan, deployed);
  if (cloud === undefined) return kubernetesRows(result);
  if (deployed.identityOnly) return cloud;
  const { stack, resources } = result.plan;
  return [...configurationRows(result.warnings, stack), ...(await builderRows(resources)), ...cloud];
}

/** Whether a stack has been deployed: its provider of the cluster's objects comes after the cluster. */
function isDeployed(state: readonly Known[] | undefined): boolean {
  return state?.some(({ type }) => type === "pulumi:providers:kubernetes") === true;
}

await runScript("scripts/preflight/preflight.ts", main);
