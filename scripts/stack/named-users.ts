import { isObject, textAt } from "../../lib/json.ts";
import { finishRotation } from "../rotate/finish-rotation.ts";
import type { KubectlTarget } from "../../lib/kubernetes/kubectl.ts";
import type { Checkpoint } from "./state.ts";
import { errorText } from "../../lib/errors.ts";

/**
 * Whether MinIO's access keys are still the names that they once were: the root user was `admin` then.
 *
 * Drawn ones are secret, so that the state shows none of them.
 */
export function hasNamedUsers({ deployment }: Checkpoint): boolean {
  return textAt(outputsOf(deployment), "adminUsers.minio") === "admin";
}

/**
 * The end of the update that makes access keys random: the users before it are removed, unless a pod still runs that was
 * started with one. Whatever keeps them is told with the command that removes them later; the update itself was good.
 */
export async function retireNamedUsers({ deployment }: Checkpoint, stack: string): Promise<void> {
  const later = `run make rotate WHAT=minio STACK=${stack} FINISH=1`;
  const target = placeOf(deployment);
  if (target === undefined) {
    console.error(`users of MinIO whose access keys are names still exist. After no pod uses them, ${later}`);
    return;
  }
  try {
    await finishRotation(target, "minio", 0);
    console.error("removed users of MinIO whose access keys were names");
  } catch (error) {
    const reason = errorText(error);
    console.error(`users of MinIO whose access keys are names still exist: ${reason}. Later, ${later}`);
  }
}

/** Where the stack's platform is; undefined where only a secret kubeconfig tells, which kubectl does not have. */
function placeOf(deployment: Checkpoint["deployment"]): KubectlTarget | undefined {
  const provider = resources(deployment).find(({ type }) => type === "pulumi:providers:kubernetes");
  const context = textAt(provider, "inputs.context");
  const namespace = textAt(outputsOf(deployment), "namespace");
  return context === undefined || namespace === undefined ? undefined : { context, namespace };
}

function outputsOf(deployment: Checkpoint["deployment"]): unknown {
  return resources(deployment).find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs;
}

function resources({ resources: all = [] }: Checkpoint["deployment"]): Record<string, unknown>[] {
  return all.filter(isObject);
}
