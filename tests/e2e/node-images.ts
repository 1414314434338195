import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";
import { kubectl } from "../cluster.ts";
import { containersOf } from "../program/program-objects.ts";
import { nodeImageStore } from "./node.ts";

/**
 * The images that the cluster's nodes hold: tests pull none.
 *
 * Asked of the runtime where the node is this machine: a node's status lists the 50 largest images, and lists them late.
 */
export async function nodeImages(kubeconfig: string): Promise<Set<string>> {
  const store = nodeImageStore(kubeconfig);
  if (store !== undefined) return new Set(await store.all());
  const path = "{.items[*].status.images[*].names[*]}";
  const { stdout } = await kubectl(kubeconfig, ["get", "nodes", "--output", `jsonpath=${path}`]);
  return new Set(stdout.split(" "));
}

/** Waits until the node lists images that it was just given: what it does not list is left out of a deployment. */
export async function listed(kubeconfig: string, images: string[]): Promise<void> {
  let missing: string[] = [];
  for (let attempt = 0; attempt < 60; attempt++) {
    const held = await nodeImages(kubeconfig);
    missing = images.filter((image) => !held.has(image));
    if (missing.length === 0) return;
    await sleep(5000);
  }
  throw new Error(`the node does not list ${missing.join(", ")}`);
}

/** The images of an object's pods that no node holds. */
export function missingImages(object: KubernetesObject, held: Set<string>): string[] {
  return containersOf(object)
    .map(({ container }) => String(container.image))
    .filter((image) => !held.has(image));
}
