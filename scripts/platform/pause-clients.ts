import { kubectl, type Place } from "./kubectl.ts";

/** The workloads that keep connections to the databases which a restore replaces. */
const clients = [
  "release=airflow,component in (api-server,dag-processor,scheduler,triggerer,worker)",
  "app.kubernetes.io/name=mlflow",
];
/** Remembers on the workload how many replicas it had, so that a second run knows it too. */
const replicasKey = "mlops/replicas-before-restore";

interface Workload {
  kind: string;
  metadata: { name: string; annotations?: Record<string, string> };
  spec: { replicas: number };
}

/** Stops the databases' clients and waits until they are gone, tasks that run included. */
export function pauseClients(place: Place): void {
  for (const workload of allWorkloads(place)) pause(place, workload);
  for (const selector of clients) {
    kubectl(place, ["wait", "--for=delete", "pod", "--selector", selector, "--timeout=300s"]);
  }
}

/** Starts again what was stopped, in this run or in one that broke off, and names it. */
export function resumeClients(place: Place): string[] {
  return allWorkloads(place).flatMap((workload) => resume(place, workload));
}

function pause(place: Place, { kind, metadata, spec }: Workload): void {
  const name = `${kind.toLowerCase()}/${metadata.name}`;
  const replicas = metadata.annotations?.[replicasKey] ?? String(spec.replicas);
  console.error(`stopping ${name}, which has ${replicas}`);
  kubectl(place, ["annotate", "--overwrite", name, `${replicasKey}=${replicas}`]);
  kubectl(place, ["scale", name, "--replicas=0"]);
}

function resume(place: Place, { kind, metadata }: Workload): string[] {
  const name = `${kind.toLowerCase()}/${metadata.name}`;
  const replicas = metadata.annotations?.[replicasKey];
  if (replicas === undefined) return [];
  console.error(`starting ${name}, which gets ${replicas}`);
  kubectl(place, ["scale", name, `--replicas=${replicas}`]);
  kubectl(place, ["annotate", name, `${replicasKey}-`]);
  return [name];
}

function allWorkloads(place: Place): Workload[] {
  return clients.flatMap((selector) => {
    const list = kubectl(place, ["get", "deployments,statefulsets", "--selector", selector, "--output", "json"]);
    return (JSON.parse(list) as { items: Workload[] }).items;
  });
}
