import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { keepForward } from "../scripts/platform/forward.ts";
import { kubectl, type Place } from "../scripts/platform/kubectl.ts";
import type { ProjectPlace } from "../scripts/platform/platform-json.ts";
import type { Environment, Forwarded, Target } from "./connections.ts";

/**
 * The place by a kubeconfig of its own with just the chosen context: switching contexts later changes nothing here.
 *
 * @param state folder for it
 */
export function ownPlace(place: Place, state: string): Place & { kubeconfig: string } {
  const kubeconfig = join(state, "kubeconfig");
  writePrivate(kubeconfig, kubectl(place, ["config", "view", "--minify", "--flatten"]));
  return { namespace: place.namespace, context: undefined, kubeconfig };
}

/** The variables of the project's pods, as envFrom gives them. */
export function environmentOf(place: Place, { namespace, configMap, secret }: ProjectPlace): Environment {
  const own = { ...place, namespace };
  const secrets = Object.entries(dataOf(own, "secret", secret));
  const decoded = secrets.map(([name, value]) => [name, Buffer.from(value, "base64").toString()] as const);
  return { ...dataOf(own, "configmap", configMap), ...Object.fromEntries(decoded) };
}

/** A copy of the file that the project's pods have at this path, from a ConfigMap; undefined where they have none. */
export function copyOf(place: Place, { namespace, volumes }: ProjectPlace, path: string, state: string) {
  const volume = volumes.find(({ configMap, mountPath }) => configMap !== undefined && dirname(path) === mountPath);
  if (volume?.configMap === undefined) return undefined;
  const name = path.slice(volume.mountPath.length + 1);
  const content = dataOf({ ...place, namespace }, "configmap", volume.configMap)[name];
  if (content === undefined) throw new Error(`ConfigMap ${volume.configMap} in namespace ${namespace} has no ${name}`);
  const file = join(state, "certificates", name);
  writePrivate(file, content);
  return file;
}

/** Forwards each Service until this process ends, not when a signal comes: the program decides when it ends. */
export async function forwardAll(place: Place, targets: Map<string, Target>): Promise<Map<string, Forwarded>> {
  const forwarded = [...targets].map(async ([variable, target]) => {
    const { service, namespace, port } = target;
    const tell = (words: string) => {
      console.error(`${service}.${namespace}: ${words}`);
    };
    const { port: local } = await keepForward({ ...place, namespace }, service, port, tell, { endsBySignal: false });
    return [variable, { ...target, local }] as const;
  });
  return new Map(await Promise.all(forwarded));
}

/** Writes a file that only its owner can read. */
export function writePrivate(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  writeFileSync(file, text, { mode: 0o600, flag: "wx" });
}

/** What a ConfigMap or a Secret holds; nothing where it does not exist. */
function dataOf(place: Place, kind: "configmap" | "secret", name: string): Record<string, string> {
  const text = kubectl(place, ["get", kind, name, "--output=json", "--ignore-not-found"]);
  if (text === "") return {};
  return (JSON.parse(text) as { data?: Record<string, string> }).data ?? {};
}
