import { kubectl } from "../cluster.ts";
import type { Platform } from "./platform.ts";

/** What the cluster still has of a platform: its namespaces, objects of the cluster and volumes that its claims had bound. */
export async function leftovers({ kubeconfig, namespace, projects }: Platform): Promise<string[]> {
  const namespaces = [namespace, ...projects];
  const { stdout: names } = await kubectl(kubeconfig, ["get", "namespaces", "--output", "name"]);
  const { stdout: rights } = await kubectl(kubeconfig, [
    ...["get", "clusterroles,clusterrolebindings", "--output", "name"],
  ]);
  const { stdout: claims } = await kubectl(kubeconfig, [
    ...["get", "pods,services,persistentvolumeclaims", "--all-namespaces", "--no-headers"],
    ...["--output", "custom-columns=NAMESPACE:.metadata.namespace,KIND:.kind,NAME:.metadata.name"],
  ]);
  const isOurs = (line: string) => namespaces.some((name) => line === `namespace/${name}`);
  return [
    ...lines(names).filter(isOurs),
    ...lines(rights).filter((line) => line.includes(`/${namespace}-`)),
    ...lines(claims).filter((line) => namespaces.includes(line.split(/\s+/)[0] ?? "")),
  ];
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
