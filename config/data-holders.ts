import { resourceOf } from "../components/cluster/kinds.ts";
import { valueAt } from "../lib/key-path.ts";

/** A resource with the inputs that the program or a preview knows. */
export interface Holder {
  type: string;
  name: string;
  inputs: unknown;
}

const claimType = "kubernetes:core/v1:PersistentVolumeClaim";
const namespaceType = "kubernetes:core/v1:Namespace";

/** Another provider is another cluster: everything in this one is deleted. */
const providerType = "pulumi:providers:kubernetes";

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
  if (type === providerType) return "cluster";
  if (type !== namespaceType) return resourceOf({ type })?.data;
  const component = valueAt(inputs, ["metadata", "labels", "app.kubernetes.io/component"]);
  return component === "project" ? "project-namespaces" : "namespace";
}
