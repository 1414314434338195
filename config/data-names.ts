import { volumeNames } from "../components/parts.ts";

/** The places in a cloud where a stack keeps data. */
const cloudDataNames = ["bucket", "cluster", "database"] as const;
export type CloudDataName = (typeof cloudDataNames)[number];

/** The places where a stack keeps data, by their names in `allowDataLoss`. */
export const dataNames = [
  ...cloudDataNames,
  ...(["namespace", "project-namespaces"] as const),
  ...volumeNames,
].toSorted();

/** Whether a stack keeps its data. Only the label `environment: development` allows deleting everything. */
export function keepsData(labels: Record<string, string>): boolean {
  return labels.environment !== "development";
}
