import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { keepForward } from "../scripts/platform/forward.ts";
import { kubectl, type KubectlTarget } from "../lib/kubernetes/kubectl.ts";
import type { PlatformProject } from "../scripts/platform/platform-json.ts";
import { dataOf } from "../scripts/platform/project-environment.ts";
import type { Forwarded, Target } from "./connections.ts";

/**
 * The target with a kubeconfig of its own that has only the chosen context: switching contexts later changes nothing here.
 *
 * @param state folder for it
 */
export function isolatedTarget(target: KubectlTarget, state: string): KubectlTarget & { kubeconfig: string } {
  const kubeconfig = join(state, "kubeconfig");
  writePrivate(kubeconfig, kubectl(target, ["config", "view", "--minify", "--flatten"]));
  return { ...target, kubeconfig };
}

/** A copy of the file that the project's pods have at this path, from a ConfigMap; undefined where they have none. */
export function copyOf(target: KubectlTarget, { namespace, pod }: PlatformProject, path: string, state: string) {
  const mounts = pod.spec.containers.flatMap(({ volumeMounts }) => volumeMounts);
  const mount = mounts.find(({ mountPath }) => dirname(path) === mountPath);
  const configMap = pod.spec.volumes.find(({ name }) => name === mount?.name)?.configMap?.name;
  if (configMap === undefined) return undefined;
  const name = basename(path);
  const content = dataOf({ ...target, namespace }, "configmap", configMap)[name];
  if (content === undefined) throw new Error(`ConfigMap ${configMap} in namespace ${namespace} has no ${name}`);
  const file = join(state, "certificates", name);
  writePrivate(file, content);
  return file;
}

/** Forwards each Service until this process ends, not when a signal comes: the program decides when it ends. */
export async function forwardAll(
  target: KubectlTarget,
  services: Map<string, Target>,
): Promise<Map<string, Forwarded>> {
  const forwarded = [...services].map(async ([variable, one]) => {
    const { service, namespace, port } = one;
    const tell = (words: string) => {
      console.error(`${service}.${namespace}: ${words}`);
    };
    const { port: local } = await keepForward({ ...target, namespace }, service, port, tell, { endsBySignal: false });
    return [variable, { ...one, local }] as const;
  });
  return new Map(await Promise.all(forwarded));
}

/** Writes a file that only its owner can read. */
export function writePrivate(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  writeFileSync(file, text, { mode: 0o600, flag: "wx" });
}
