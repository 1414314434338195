import * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import { dataNameOf } from "../../config/data-holders.ts";
import { keepsData } from "../../config/data-names.ts";

/**
 * Protects the stack's volumes and the platform's namespace: an update that would delete or replace one of them, and a
 * destroy, are refused by the engine. What `allowDataLoss` names is not protected, nor a stack for development.
 *
 * A project's namespace is guarded by its entry, see project-entry.ts; a cloud's resources by `deletionProtection`.
 * Comes before `labelEverything`, which hides the labels that tell a namespace's purpose.
 */
export function protectData({ labels, allowDataLoss }: Pick<Config, "labels" | "allowDataLoss">): void {
  if (!keepsData(labels)) return;
  const free: string[] = [...allowDataLoss, "project-namespaces"];
  pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
    if (!type.startsWith("kubernetes:")) return undefined;
    const data = dataNameOf({ type, name, inputs: props });
    return data === undefined || free.includes(data) ? undefined : { props, opts: { ...opts, protect: true } };
  });
}
