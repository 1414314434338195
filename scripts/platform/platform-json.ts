import { kubectl, type KubectlTarget } from "../../lib/kubernetes/kubectl.ts";
import { fromCluster, noPlatform } from "./no-platform.ts";

/** What platform.json says of a project. */
export interface PlatformProject {
  namespace: string;
  pod: TaskPodTemplate;
}

/** The pod of a project's tasks, as far as the scripts read it. */
interface TaskPodTemplate {
  metadata: { namespace: string; labels: Record<string, string> };
  spec: {
    securityContext: object;
    containers: {
      envFrom: { configMapRef?: { name: string }; secretRef?: { name: string } }[];
      volumeMounts: { name: string; mountPath: string }[];
    }[];
    volumes: { name: string; configMap?: { name: string } }[];
  };
}

/** platform.json, as far as the scripts read it. */
export interface PlatformJson {
  images: Record<string, string>;
  projects: Record<string, PlatformProject>;
}

/**
 * What DAGs are told of a live platform.
 *
 * @param stack that the user has named; undefined: the command takes none
 * @throws with one sentence when no cluster answers, the namespace has none, or an older program wrote it
 */
export function readPlatformJson(target: KubectlTarget, stack?: string): PlatformJson {
  const map = "ConfigMap airflow-platform";
  const platform = JSON.parse(platformText(target, stack)) as PlatformJson;
  const [old] = Object.entries(platform.projects).find(([, project]) => !("pod" in project)) ?? [];
  if (old === undefined) return platform;
  throw new Error(
    `${map} in namespace ${target.namespace} describes no pod for project ${old}: update the platform with make up`,
  );
}

/**
 * Asks whether there is a platform, before anything is done to it.
 *
 * @throws with one sentence when no cluster answers, or the namespace has none
 */
export function assertPlatform(target: KubectlTarget, stack?: string): void {
  platformText(target, stack);
}

function platformText(target: KubectlTarget, stack: string | undefined): string {
  const path = "jsonpath={.data.platform\\.json}";
  const get = ["get", "configmap", "airflow-platform", "--ignore-not-found", "--output", path];
  const text = fromCluster(target, stack, (timeout) => kubectl(target, get, "", timeout));
  if (text === "") throw noPlatform(target, stack);
  return text;
}

/** The Secret with a project's credentials, which its pods have as their environment. */
export function secretOf({ namespace, pod }: PlatformProject): string {
  const [secret] = pod.spec.containers.flatMap(({ envFrom }) => envFrom.flatMap(({ secretRef }) => secretRef ?? []));
  if (secret === undefined) throw new Error(`platform.json names no Secret for the pods in namespace ${namespace}`);
  return secret.name;
}

/** The namespaces in which a platform's pods run, its own first. */
export function platformNamespaces(
  { namespace }: KubectlTarget,
  { projects }: Pick<PlatformJson, "projects">,
): string[] {
  return [namespace, ...Object.values(projects).map((project) => project.namespace)];
}
