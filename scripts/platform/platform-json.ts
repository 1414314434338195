import { kubectl, type Place } from "./kubectl.ts";

/** What platform.json says of a project. */
export interface ProjectPlace {
  namespace: string;
  serviceAccount: string;
  configMap: string;
  secret: string;
  resources: { requests: object; limits: object };
  volumes: { name: string; claim?: string; configMap?: string; mountPath: string; readOnly: boolean }[];
}

/** platform.json, as far as the scripts read it. */
export interface PlatformJson {
  images: Record<string, string>;
  imagePullPolicy: string;
  projects: Record<string, ProjectPlace>;
}

/**
 * What DAGs are told of a live platform.
 *
 * @throws with one sentence when the namespace has none
 */
export function readPlatformJson(place: Place): PlatformJson {
  const path = "jsonpath={.data.platform\\.json}";
  const text = kubectl(place, ["get", "configmap", "airflow-platform", "--ignore-not-found", "--output", path]);
  if (text !== "") return JSON.parse(text) as PlatformJson;
  throw new Error(`namespace ${place.namespace} has no ConfigMap airflow-platform: deploy the platform with make up`);
}

/** The namespaces in which a platform's pods run, its own first. */
export function platformNamespaces({ namespace }: Place, { projects }: Pick<PlatformJson, "projects">): string[] {
  return [namespace, ...Object.values(projects).map((project) => project.namespace)];
}
