import { volumes as described } from "../components/parts.ts";
import {
  classKey,
  classOf,
  type DataLocations,
  isVolumeName,
  type Platform,
  type ProjectNamespace,
  type Volume,
  volumesOf,
} from "./data-output.ts";
import { keepsData } from "./data-names.ts";
import { type ConfigProblem, shown } from "./errors.ts";
import { all, remove, set } from "./fixes.ts";
import { valueAt } from "../lib/key-path.ts";
import { projectNamespace } from "./project-namespace.ts";

/** The page that explains how to move a volume to another class. */
export const movePage = 'docs/operations.md, "Move a volume to another storage class"';

/**
 * The keys of a configuration that would delete data of the stack. The engine's protection is the second safeguard.
 *
 * A class that is not configured is the cluster's own: only the provider knows whether another one replaces it.
 *
 * @param locations where the last update left data; undefined before the first one
 */
export function lossProblems(config: Platform, locations: DataLocations | undefined): ConfigProblem[] {
  if (locations === undefined || !keepsData(config.labels)) return [];
  const { namespace, projects } = locations;
  const volumes = locations.volumes.filter(({ name }) => isVolumeName(name));
  if (!config.layers.includes("platform")) return layerProblems(config, namespace, volumes);
  return [
    ...namespaceProblems(config, namespace, volumes),
    ...volumes.flatMap((volume) => removalProblems(config, volume)),
    ...classProblems(config, volumes),
    ...(config.allowDataLoss.includes("project-namespaces")
      ? []
      : [...prefixProblems(config, projects), ...projectProblems(config, projects)]),
  ];
}

function namesOf(resources: readonly { name: string }[]): string {
  return resources
    .map(({ name }) => name)
    .toSorted()
    .join(", ");
}

function notAllowed({ allowDataLoss }: Platform, names: readonly string[]): string[] {
  return names.filter((name) => !allowDataLoss.some((allowed) => allowed === name));
}

function layerProblems(config: Platform, namespace: string, volumes: readonly Volume[]): ConfigProblem[] {
  if (notAllowed(config, ["namespace", ...volumes.map(({ name }) => name)]).length === 0) return [];
  const allowed = `a list with platform: without it, the update deletes the namespace ${namespace} with ${namesOf(volumes)}`;
  return [{ key: "layers", found: shown(config.layers, "layers"), allowed, fix: remove("layers") }];
}

function namespaceProblems(config: Platform, present: string, volumes: readonly Volume[]): ConfigProblem[] {
  const key = "namespace";
  const needed = notAllowed(config, ["namespace", ...volumes.map(({ name }) => name)]);
  if (present === config.namespace || needed.length === 0) return [];
  const allowed =
    `${present}, the platform's current namespace: another one deletes it with everything in it, including the volumes ` +
    `${namesOf(volumes)}; to allow that, first run an update with ${needed.join(", ")} in allowDataLoss`;
  return [{ key, found: shown(config.namespace, key), allowed, fix: set(key, present) }];
}

function removalProblems(config: Platform, { name }: Volume): ConfigProblem[] {
  if (!isVolumeName(name) || volumesOf(config).includes(name) || notAllowed(config, [name]).length === 0) return [];
  const { key, value } = described[name];
  const allowed =
    `${value}: this change deletes the volume ${name} with its data; to allow that, first run an update with ` +
    `${name} in allowDataLoss`;
  return [{ key, found: shown(valueAt(config, key.split(".")), key), allowed, fix: set(key, value) }];
}

function classProblems(config: Platform, volumes: readonly Volume[]): ConfigProblem[] {
  const changed = volumes.flatMap((volume) => {
    const present = volume.storageClass;
    if (!isVolumeName(volume.name)) return [];
    const wanted = classOf(volume.name, config);
    const isKept = volumesOf(config).includes(volume.name) && notAllowed(config, [volume.name]).length > 0;
    if (!isKept || present === "" || wanted === undefined || wanted === present) return [];
    return [{ volume, classKey: classKey(volume.name), present, wanted }];
  });
  return [...Map.groupBy(changed, ({ classKey, present }) => `${classKey} ${present}`).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { classKey: key, present, wanted } = first;
    const names = namesOf(group.map(({ volume }) => volume));
    const allowed =
      `${present}, the class of ${names}: another class replaces them with empty volumes. To keep their data, see ` +
      `${movePage}; to lose it, add ${names} to allowDataLoss`;
    return [{ key, found: shown(wanted, key), allowed, fix: set(key, present) }];
  });
}

function prefixProblems(
  { projectNamespacePrefix, projects }: Platform,
  deployed: readonly ProjectNamespace[],
): ConfigProblem[] {
  const listed = deployed.filter(({ name }) => projects.some((project) => project.name === name));
  const moved = listed.filter((one) => one.namespace !== projectNamespace(projectNamespacePrefix, one.name));
  const [first] = moved;
  if (first === undefined) return [];
  const key = "projectNamespacePrefix";
  const present = first.namespace.slice(0, -first.name.length);
  const allowed =
    `${JSON.stringify(present)}, the prefix of the existing namespaces: another prefix deletes those of ${namesOf(moved)} ` +
    "with everything in them; to allow that, add project-namespaces to allowDataLoss";
  return [{ key, found: shown(projectNamespacePrefix, key), allowed, fix: set(key, present) }];
}

function projectProblems(config: Platform, deployed: readonly ProjectNamespace[]): ConfigProblem[] {
  const listed = [...config.projects.map(({ name }) => name), ...config.removedProjects];
  const missing = deployed.filter(({ name }) => !listed.includes(name));
  const added = listed.filter((name) => !deployed.some((one) => one.name === name));
  return missing.map((one, i) => {
    const { name } = one;
    // To a person, a new name where another one is missing is the same project under another name.
    const other = added[i];
    const found = other === undefined ? `no ${name}` : `${other} in place of ${name}`;
    const renamed = other === undefined ? "" : `, and ${other} as a new project without its data`;
    const allowed =
      `${name} with removed: true${renamed}. This deletes the namespace ${one.namespace} with its pods, ConfigMap and Secret, ` +
      `but keeps the database ${name}, the data below projects/${name}/ and the experiments in MLflow`;
    const item = `projects[${listed.length + i}]`;
    return {
      key: "projects",
      found,
      allowed,
      fix: all([set(`${item}.name`, name), set(`${item}.removed`, true)]),
    };
  });
}
