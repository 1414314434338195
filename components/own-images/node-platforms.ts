import { at, textAt } from "../../lib/json.ts";
import { cloudOf } from "../cluster/kinds.ts";

/** A processor and its system, as builders of images name them. */
export type NodePlatform = "linux/amd64" | "linux/arm64";

const pools = ["nodes", "spotNodes", "gpuNodes"];

/** The processors of a cloud's machines; none where the configuration does not name the machines. */
export function nodePlatforms(cluster: unknown): NodePlatform[] {
  const cloud = cloudOf({ kind: at(cluster, "kind") });
  if (cloud === undefined) return [];
  const machines = pools.flatMap((pool) => {
    if (pool !== "nodes" && at(cluster, pool) === undefined) return [];
    return [textAt(cluster, `${pool}.machineType`) ?? ""];
  });
  return [...new Set(machines.map((machine) => (cloud.isArm(machine) ? "linux/arm64" : "linux/amd64")))];
}
