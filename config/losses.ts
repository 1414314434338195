import type { Config } from "../config.ts";
import { keepsData } from "./data-names.ts";
import { type ConfigProblem, remove, set, shown, valueAt } from "./errors.ts";
import { projectNamespace } from "./project-namespace.ts";

/** A resource as the stack's last update left it. */
export interface Deployed {
  type: string;
  name: string;
  outputs: unknown;
}

/** The keys that say where data is. */
export type Platform = Pick<
  Config,
  | "airflow"
  | "allowDataLoss"
  | "cluster"
  | "labels"
  | "layers"
  | "minio"
  | "namespace"
  | "postgres"
  | "projectNamespacePrefix"
  | "projects"
  | "removedProjects"
>;

const moving = 'docs/operations.md, "Move a volume to another storage class"';

/**
 * What of a configuration would delete data that the stack has; the engine's protection stands behind it.
 *
 * A class that is not configured is the cluster's own: whether another one replaces it the provider alone knows.
 */
export function lossProblems(config: Platform, deployed: readonly Deployed[]): ConfigProblem[] {
  const namespaces = deployed.filter(({ type }) => type === "kubernetes:core/v1:Namespace");
  const [platform] = namespaces.filter((one) => componentOf(one) === "platform");
  if (platform === undefined || !keepsData(config.labels)) return [];
  const claims = deployed.filter(({ type }) => type === "kubernetes:core/v1:PersistentVolumeClaim");
  const volumes = claims.filter(({ name }) => name in volumeKeys);
  if (!config.layers.includes("platform")) return layerProblems(config, platform, volumes);
  const projects = namespaces.filter((one) => componentOf(one) === "project");
  return [
    ...namespaceProblems(config, platform, volumes),
    ...volumes.flatMap((volume) => removalProblems(config, volume)),
    ...classProblems(config, volumes),
    ...(config.allowDataLoss.includes("project-namespaces")
      ? []
      : [...prefixProblems(config, projects), ...projectProblems(config, projects)]),
  ];
}

interface VolumeKey {
  /** The key that takes the volume away, and the value with which it is there. */
  key: string;
  value: string;
  isThere: (config: Platform) => boolean;
  /** The key of its storage class. */
  classKey: string;
  classOf: (config: Platform) => string | undefined;
}

const clusterClass = ({ cluster }: Platform) => (cluster.kind === "existing" ? cluster.storageClass : undefined);
const ofCluster = { classKey: "cluster.storageClass", classOf: clusterClass };

/** How the configuration says which volumes there are; tests/losses.test.ts compares it with the program. */
export const volumeKeys: Readonly<Record<string, VolumeKey>> = {
  "airflow-logs": {
    key: "airflow.logs.kind",
    value: "volume",
    isThere: ({ airflow }) => airflow.logs.kind === "volume",
    classKey: "airflow.logs.storageClass",
    classOf: (config) =>
      config.airflow.logs.kind === "volume" ? (config.airflow.logs.storageClass ?? clusterClass(config)) : undefined,
  },
  "minio-data": { ...ofCluster, key: "minio.enabled", value: "true", isThere: ({ minio }) => minio.enabled },
  "postgres-data": {
    ...ofCluster,
    key: "postgres.kind",
    value: "cluster",
    isThere: ({ postgres }) => postgres.kind === "cluster",
  },
  "prometheus-data": { ...ofCluster, key: "monitoring", value: "{}", isThere: () => true },
};

function componentOf({ outputs }: Deployed): unknown {
  return valueAt(outputs, ["metadata", "labels", "app.kubernetes.io/component"]);
}

const nameIn = ({ outputs }: Deployed) => String(valueAt(outputs, ["metadata", "name"]));

function namesOf(resources: readonly Deployed[]): string {
  return resources
    .map(({ name }) => name)
    .toSorted()
    .join(", ");
}

function notAllowed({ allowDataLoss }: Platform, names: readonly string[]): string[] {
  return names.filter((name) => !allowDataLoss.some((allowed) => allowed === name));
}

function layerProblems(config: Platform, platform: Deployed, volumes: readonly Deployed[]): ConfigProblem[] {
  if (notAllowed(config, ["namespace", ...volumes.map(({ name }) => name)]).length === 0) return [];
  const allowed = `the layer platform too: without it the namespace ${nameIn(platform)} is deleted with ${namesOf(volumes)}`;
  return [{ key: "layers", found: shown(config.layers, "layers"), allowed, fix: remove("layers") }];
}

function namespaceProblems(config: Platform, platform: Deployed, volumes: readonly Deployed[]): ConfigProblem[] {
  const [key, present] = ["namespace", nameIn(platform)];
  const needed = notAllowed(config, ["namespace", ...volumes.map(({ name }) => name)]);
  if (present === config.namespace || needed.length === 0) return [];
  const allowed =
    `${present}, where the platform is: another one deletes it with everything in it, the volumes ${namesOf(volumes)} ` +
    `included; or, in an update before, allowDataLoss with ${needed.join(", ")}`;
  return [{ key, found: shown(config.namespace, key), allowed, fix: set(key, present) }];
}

function removalProblems(config: Platform, { name }: Deployed): ConfigProblem[] {
  const volume = volumeKeys[name];
  if (volume === undefined || volume.isThere(config) || notAllowed(config, [name]).length === 0) return [];
  const { key, value } = volume;
  const allowed =
    `${value}, since there is the volume ${name}, which would be deleted with its data; or, in an update before, ` +
    `allowDataLoss with ${name}`;
  return [{ key, found: shown(valueAt(config, key.split(".")), key), allowed, fix: set(key, value) }];
}

function classProblems(config: Platform, volumes: readonly Deployed[]): ConfigProblem[] {
  const changed = volumes.flatMap((volume) => {
    const present = valueAt(volume.outputs, ["spec", "storageClassName"]);
    const { classKey = "", classOf, isThere } = volumeKeys[volume.name] ?? {};
    const wanted = classOf?.(config);
    const isKept = isThere?.(config) === true && notAllowed(config, [volume.name]).length > 0;
    if (!isKept || typeof present !== "string" || wanted === undefined || wanted === present) return [];
    return [{ volume, classKey, present, wanted }];
  });
  return [...Map.groupBy(changed, ({ classKey, present }) => `${classKey} ${present}`).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { classKey: key, present, wanted } = first;
    const names = namesOf(group.map(({ volume }) => volume));
    const allowed =
      `${present}, the class of ${names}: another one deletes them and makes empty ones. To move them with their data: ` +
      `${moving}; to lose it: allowDataLoss with ${names}`;
    return [{ key, found: shown(wanted, key), allowed, fix: set(key, present) }];
  });
}

function prefixProblems(
  { projectNamespacePrefix, projects }: Platform,
  deployed: readonly Deployed[],
): ConfigProblem[] {
  const listed = deployed.filter(({ name }) => projects.some((project) => project.name === name));
  const moved = listed.filter((one) => nameIn(one) !== projectNamespace(projectNamespacePrefix, one.name));
  const [first] = moved;
  if (first === undefined) return [];
  const key = "projectNamespacePrefix";
  const present = nameIn(first).slice(0, -first.name.length);
  const allowed =
    `${JSON.stringify(present)}, the one of the namespaces that there are: another one deletes those of ${namesOf(moved)} ` +
    "with everything in them; or allowDataLoss with project-namespaces";
  return [{ key, found: shown(projectNamespacePrefix, key), allowed, fix: set(key, present) }];
}

function projectProblems(config: Platform, deployed: readonly Deployed[]): ConfigProblem[] {
  const listed = [...config.projects.map(({ name }) => name), ...config.removedProjects];
  const missing = deployed.filter(({ name }) => !listed.includes(name));
  const added = listed.filter((name) => !deployed.some((one) => one.name === name));
  return missing.map((one, i) => {
    const { name } = one;
    // A name that is new where one is missing is the same project with another name, as a person sees it.
    const other = added[i];
    const found = other === undefined ? `no ${name}` : `${other} in place of ${name}`;
    const renamed = other === undefined ? "" : `, and ${other} beside it as a new project without its data`;
    const allowed =
      `${name} with removed: true${renamed}. That deletes the namespace ${nameIn(one)} with its pods, ConfigMap and Secret; ` +
      `the database ${name}, the data below projects/${name}/ and the experiments in MLflow are kept`;
    const item = `projects[${listed.length + i}]`;
    return {
      key: "projects",
      found,
      allowed,
      fix: `${set(`${item}.name`, name)} && ${set(`${item}.removed`, "true")}`,
    };
  });
}
