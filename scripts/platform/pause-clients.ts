import { kubectl, type KubectlTarget } from "../../lib/kubernetes/kubectl.ts";

/** The workloads that keep connections to the databases which a restore replaces. */
const clients = [
  "release=airflow,component in (api-server,dag-processor,scheduler,triggerer,worker)",
  "app.kubernetes.io/name=mlflow",
  "app.kubernetes.io/name=grafana",
];
/** Remembers on the workload how many replicas it had, so that a second run knows it too. */
const replicasKey = "mlops/replicas-before-restore";

interface Workload {
  kind: string;
  metadata: { name: string; annotations?: Record<string, string> };
  spec: { replicas: number };
}

/** Stops the databases' clients and waits until they are gone, tasks that run included. */
export function pauseClients(target: KubectlTarget): void {
  for (const workload of allWorkloads(target)) pause(target, workload);
  for (const selector of clients) {
    kubectl(target, ["wait", "--for=delete", "pod", "--selector", selector, "--timeout=300s"]);
  }
}

/** Starts again what was stopped, in this run or in one that broke off, and names it. */
export function resumeClients(target: KubectlTarget): string[] {
  return allWorkloads(target).flatMap((workload) => resume(target, workload));
}

function pause(target: KubectlTarget, { kind, metadata, spec }: Workload): void {
  const name = `${kind.toLowerCase()}/${metadata.name}`;
  const replicas = metadata.annotations?.[replicasKey] ?? String(spec.replicas);
  console.error(`stopping ${name}, which has ${replicas}`);
  kubectl(target, ["annotate", "--overwrite", name, `${replicasKey}=${replicas}`]);
  kubectl(target, ["scale", name, "--replicas=0"]);
}

function resume(target: KubectlTarget, { kind, metadata }: Workload): string[] {
  const name = `${kind.toLowerCase()}/${metadata.name}`;
  const replicas = metadata.annotations?.[replicasKey];
  if (replicas === undefined) return [];
  console.error(`starting ${name}, which gets ${replicas}`);
  kubectl(target, ["scale", name, `--replicas=${replicas}`]);
  kubectl(target, ["annotate", name, `${replicasKey}-`]);
  return [name];
}

function allWorkloads(target: KubectlTarget): Workload[] {
  return clients.flatMap((selector) => {
    const list = kubectl(target, ["get", "deployments,statefulsets", "--selector", selector, "--output", "json"]);
    return (JSON.parse(list) as { items: Workload[] }).items;
  });
}
