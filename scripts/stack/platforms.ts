// scripts/stack/platforms.ts STACK prints the platforms of the machines that a stack's cluster has, such as linux/amd64:
// one a line, and nothing for a cluster whose machines the configuration does not name.
import { cloudOf } from "../../components/cluster/kinds.ts";
import { join } from "node:path";
import { readCommand, runScript } from "../../lib/command-line.ts";
import { at, textAt } from "../../lib/json.ts";
import { readStack } from "../../preview/stack.ts";

const pools = ["nodes", "spotNodes", "gpuNodes"];

function main(all: string[]): void {
  const [stack = "minikube"] = readCommand(all, {}).args;
  const { project, config } = readStack(join(import.meta.dirname, "../.."), stack);
  const cluster: unknown = JSON.parse(config[`${project}:cluster`] ?? "{}");
  const cloud = cloudOf({ kind: at(cluster, "kind") });
  if (cloud === undefined) return;
  const machines = pools.map((pool) => textAt(cluster, `${pool}.machineType`) ?? "");
  const platforms = machines.map((machine) => (cloud.isArm(machine) ? "linux/arm64" : "linux/amd64"));
  console.log([...new Set(platforms)].join("\n"));
}

await runScript("scripts/stack/platforms.ts", main);
