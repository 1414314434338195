import { volumeNames } from "../components/parts.ts";
import { valueAt } from "../lib/key-path.ts";

/** The places where a stack keeps data, by their names in `allowDataLoss`. */
export const dataNames = [
  ...(["bucket", "cluster", "database", "namespace", "project-namespaces"] as const),
  ...volumeNames,
].toSorted();

/** A resource with the inputs that the program or a preview knows. */
export interface Holder {
  type: string;
  name: string;
  inputs: unknown;
}

const claimType = "kubernetes:core/v1:PersistentVolumeClaim";
const namespaceType = "kubernetes:core/v1:Namespace";

const cloudNames: Record<string, (typeof dataNames)[number]> = {
  "aws:eks/cluster:Cluster": "cluster",
  // The cluster's Secrets cannot be read without it.
  "aws:kms/key:Key": "cluster",
  "aws:rds/instance:Instance": "database",
  "aws:s3/bucket:Bucket": "bucket",
  "gcp:container/cluster:Cluster": "cluster",
  "gcp:sql/databaseInstance:DatabaseInstance": "database",
  "gcp:storage/bucket:Bucket": "bucket",
  // Another provider is another cluster: everything in this one is deleted.
  "pulumi:providers:kubernetes": "cluster",
};

/** Volumes whose data may be lost: the scheduler queues the tasks again that Redis loses. */
const passing = ["airflow-redis"];

/**
 * The name in `allowDataLoss` of the data that is lost with a deleted or replaced resource; undefined: no data is lost.
 *
 * A claim that names its volume is a folder of a node, which stays. A claim that is not in this list counts as data.
 */
export function dataNameOf({ type, name, inputs }: Holder): string | undefined {
  if (type === claimType) {
    const isFolder = valueAt(inputs, ["spec", "volumeName"]) !== undefined;
    return isFolder || passing.includes(name) ? undefined : name;
  }
  if (type !== namespaceType) return cloudNames[type];
  const component = valueAt(inputs, ["metadata", "labels", "app.kubernetes.io/component"]);
  return component === "project" ? "project-namespaces" : "namespace";
}

/** Whether a stack keeps its data. Only the label `environment: development` allows deleting everything. */
export function keepsData(labels: Record<string, string>): boolean {
  return labels.environment !== "development";
}
