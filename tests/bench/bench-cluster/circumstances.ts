import { execFileSync } from "node:child_process";
import { cpus, loadavg, networkInterfaces, totalmem } from "node:os";
import { charts } from "../../../components/charts.ts";
import { publicImages } from "../../../components/images.ts";
import { listAt, textAt } from "../../../lib/json.ts";
import { kubectl } from "../../cluster.ts";
import { findCli } from "../../engine/project.ts";
import type { Platform } from "../../e2e/platform.ts";
import type { Circumstances } from "./report.ts";

/** Of this machine and of what is about to be measured on it. */
export async function circumstances({ kubeconfig, deployer, hasChart }: Platform): Promise<Circumstances> {
  const { stdout } = await kubectl(kubeconfig, ["version", "--output", "json"]);
  const cli = findCli();
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: {
      processor: cpus()[0]?.model.trim() ?? "unknown",
      processors: cpus().length,
      memoryGiB: totalmem() / 2 ** 30,
      loadAtStart: loadavg()[0] ?? 0,
    },
    versions: {
      Kubernetes: textAt(JSON.parse(stdout), "serverVersion.gitVersion") ?? "unknown",
      Airflow: `${publicImages.airflow.tag}${hasChart ? "" : " from PyPI"}`,
      ...(hasChart ? { "Airflow's chart": charts.airflow.version } : {}),
      Node: process.version,
      Deployer: cli === undefined ? deployer : `Pulumi ${execFileSync(cli, ["version"], { encoding: "utf8" }).trim()}`,
    },
  };
}

/** Why the cluster's pods cannot mount a folder of this machine; undefined where they can. */
export async function whyNoFolder(kubeconfig: string): Promise<string | undefined> {
  const { stdout } = await kubectl(kubeconfig, ["get", "nodes", "--output", "json"]);
  const nodes = listAt(JSON.parse(stdout), "items");
  const here = Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address));
  const isHere = (node: unknown) =>
    listAt(node, "status.addresses").some((address) => here.includes(textAt(address, "address") ?? ""));
  return nodes.length === 1 && nodes.every(isHere) ? undefined : "the cluster's only node is not this machine";
}
