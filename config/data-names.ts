import { volumeNames } from "../components/parts.ts";
import { valueAt } from "../lib/key-path.ts";

/** What a stack keeps data in, as `allowDataLoss` names it. */
export const dataNames = [
  ...(["bucket", "cluster", "database", "namespace", "project-namespaces"] as const),
  ...volumeNames,
].toSorted();

/** A resource, and what the program or a preview knows of its inputs. */
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

/** Volumes that hold nothing to keep: the scheduler queues again what Redis loses. */
const passing = ["airflow-redis"];

/**
 * The name in `allowDataLoss` of what goes when a resource is deleted or replaced; undefined: no data goes with it.
 *
 * A claim that names its volume is a folder of a node, which stays. A claim that this list lacks is data too.
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

/** Whether the label `environment` says that everything may go; without the label data is kept. */
export function keepsData(labels: Record<string, string>): boolean {
  return labels.environment !== "development";
}
