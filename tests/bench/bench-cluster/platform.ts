import { choosePlatform } from "../../e2e/deployment.ts";
import { leftovers } from "../../e2e/leftovers.ts";
import { objectsPlatform } from "../../e2e/objects-platform.ts";
import type { Changes, Platform } from "../../e2e/platform.ts";
import { kubectl } from "../../cluster.ts";

/** Namespaces that nobody else has: other platforms may live beside. */
export const namespace = "bench-platform";
export const project = "bench-project";

/** The stack that is measured, with DAGs from a folder of this machine. */
export function configuration(dags: string, projects: string[] = [project]): Changes {
  return {
    cluster: { kind: "minikube" },
    namespace,
    exposure: { kind: "portForward" },
    projects: projects.map((name) => ({ name })),
    airflow: airflow(dags),
  };
}

export function airflow(dags: string, executor = "KubernetesExecutor"): object {
  return { executor, dags: { kind: "hostPath", path: dags } };
}

/** By the Pulumi CLI where there is one, else by the preview's objects. */
export async function newPlatform(kubeconfig: string, dags: string): Promise<Platform> {
  return { ...(await choosePlatform(kubeconfig, configuration(dags))), namespace, projects: [project] };
}

/** By the preview's objects in the program's order, with real secrets. */
export async function newObjectsPlatform(kubeconfig: string, dags: string): Promise<Platform> {
  return { ...(await objectsPlatform(kubeconfig, configuration(dags))), namespace, projects: [project] };
}

/** Throws where the cluster still has something of a platform by these names. */
export async function assertEmpty(platform: Platform): Promise<void> {
  const { kubeconfig } = platform;
  const { stdout } = await kubectl(kubeconfig, ["get", "namespaces,persistentvolumes", "--output", "name"]);
  const ours = [`namespace/${namespace}`, `namespace/bench-project`, `persistentvolume/${namespace}-`];
  const named = stdout.split("\n").filter((line) => ours.some((beginning) => line.startsWith(beginning)));
  const rest = (await leftovers(platform)).filter((line) => line.startsWith("clusterrole"));
  const found = [...new Set([...named, ...rest])];
  if (found.length > 0) throw new Error(`the cluster is not empty: run kubectl delete ${found.join(" ")}`);
}
