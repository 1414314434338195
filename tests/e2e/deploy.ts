import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";
import type { Rendering } from "../../preview/render.ts";
import { wavesOf } from "../../preview/recorder/waves.ts";
import { kubectl } from "../cluster.ts";

/** The program's own objects, a list for each wave: what an object needs is in an earlier one. */
export function objectsByWave({ resources, objects }: Rendering): KubernetesObject[][] {
  const waves = wavesOf(resources);
  const numbered = objects.map(({ resource, object }) => ({ wave: waves.get(resource.urn) ?? 0, object }));
  const numbers = [...new Set(numbered.map(({ wave }) => wave))].sort((a, b) => a - b);
  return numbers.map((number) => numbered.filter(({ wave }) => wave === number).map(({ object }) => object));
}

/** Applies objects wave by wave and waits, as an update does, until each wave's workloads are ready. */
export async function deploy(kubeconfig: string, waves: KubernetesObject[][]): Promise<void> {
  for (const objects of waves) {
    await apply(kubeconfig, objects);
    for (const object of objects) await waitUntilReady(kubeconfig, object);
  }
}

/** Server-side, with strict validation; a warning of the API server is an error here. */
export async function apply(kubeconfig: string, objects: KubernetesObject[]): Promise<void> {
  if (objects.length === 0) return;
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  const args = ["apply", "--server-side", "--force-conflicts", "--validate=strict", "--filename", "-"];
  const { stderr } = await kubectl(kubeconfig, args, list);
  if (stderr !== "") throw new Error(`the API server warns: ${stderr}`);
}

/** Workloads that start under load on two cores take minutes. */
const timeout = "--timeout=300s";

async function waitUntilReady(kubeconfig: string, { kind, metadata }: KubernetesObject): Promise<void> {
  const inNamespace = ["--namespace", metadata.namespace ?? "default"];
  const name = `${kind.toLowerCase()}/${metadata.name}`;
  if (["Deployment", "StatefulSet"].includes(kind)) {
    await kubectl(kubeconfig, ["rollout", "status", name, ...inNamespace, timeout]);
  }
  if (kind === "Job") {
    // The first condition says that it has ended, and follows at once which way: one that has failed is not waited for.
    await kubectl(kubeconfig, ["wait", "--for=jsonpath={.status.conditions}", name, ...inNamespace, timeout]);
    await kubectl(kubeconfig, ["wait", "--for=condition=Complete", name, ...inNamespace, "--timeout=15s"]);
  }
}

/** Removes namespaces and waits until they are gone, with the volumes that were bound in them. */
export async function removeNamespaces(kubeconfig: string, names: string[]): Promise<void> {
  await kubectl(kubeconfig, ["delete", "namespace", "--ignore-not-found", "--timeout=180s", ...names]);
}
