import { kindOf } from "../../../components/cluster/kinds.ts";
import { KubectlMissing, queryKubectl } from "../../../lib/kubernetes/kubectl.ts";
import { errorText } from "../../../lib/errors.ts";
import type { Planned } from "../planned.ts";
import { failed, inShort, type Row } from "../../../components/preflight/row.ts";
import { capacityRow, requestsOf } from "./checks/capacity.ts";
import { clusterRow } from "./checks/cluster.ts";
import { storageClassRow, storageClassOf } from "./checks/storage-class.ts";

/** A cluster that exists: whether it answers, and has what the platform asks of it. */
export async function kubernetesRows({ plan: { cluster }, rendering }: Planned): Promise<Row[]> {
  if (!("context" in cluster)) return [];
  const { context, kubeconfig } = cluster;
  const get = (...args: string[]) => queryKubectl({ context, kubeconfig }, [...args, "--request-timeout=15s"]);
  try {
    const version = await get("version", "--output", "json");
    const answers = clusterRow(version, { context, isLocal: kindOf(cluster).isLocal });
    if (answers.state !== "ok") return [answers];
    const [classes, nodes] = await Promise.all([
      get("get", "storageclasses", "--output", "json"),
      get("get", "nodes", "--output", "json"),
    ]);
    return [answers, storageClassRow(classes, storageClassOf(cluster)), capacityRow(nodes, requestsOf(rendering))];
  } catch (error) {
    if (!(error instanceof KubectlMissing)) throw error;
    return [failed("cluster", inShort(errorText(error)), "install it: https://kubernetes.io/docs/tasks/tools/")];
  }
}
