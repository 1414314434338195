import type { KubernetesObject } from "../../preview/objects.ts";
import { kubectl } from "../cluster.ts";
import { containersOf } from "../program-objects.ts";

/** The images that the cluster's nodes hold: tests pull none. */
export async function nodeImages(kubeconfig: string): Promise<Set<string>> {
  const path = "{.items[*].status.images[*].names[*]}";
  const { stdout } = await kubectl(kubeconfig, ["get", "nodes", "--output", `jsonpath=${path}`]);
  return new Set(stdout.split(" "));
}

/** The images of an object's pods that no node holds. */
export function missingImages(object: KubernetesObject, held: Set<string>): string[] {
  return containersOf(object)
    .map(({ container }) => String(container.image))
    .filter((image) => !held.has(image));
}
