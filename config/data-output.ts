import { type VolumeName, volumeNames, volumes } from "../components/parts.ts";
import type { Config } from "../config.ts";
import { list, object, text } from "./facts.ts";
import { projectNamespace } from "./project-namespace.ts";

/** The output of a stack that its next update reads, to say what that one would delete. */
export const dataOutput = "dataPlaces";

/** Where a stack keeps data. */
export interface DataPlaces {
  /** Of the platform. */
  namespace: string;
  projects: ProjectNamespace[];
  volumes: Volume[];
}

export interface ProjectNamespace {
  name: string;
  namespace: string;
}

export interface Volume {
  name: string;
  /** Empty: the cluster's own class. */
  storageClass: string;
}

/** The keys that say where data is. */
export type Platform = Pick<
  Config,
  | "airflow"
  | "allowDataLoss"
  | "backup"
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

/** The key of a volume's storage class. */
export function classKey(name: VolumeName): string {
  return volumes[name].storageClass?.key ?? "cluster.storageClass";
}

/** The storage class that a configuration asks for a volume; undefined: the cluster's own. */
export function classOf(name: VolumeName, config: Platform): string | undefined {
  const ofCluster = "storageClass" in config.cluster ? config.cluster.storageClass : undefined;
  return volumes[name].storageClass?.of(config) ?? ofCluster;
}

export function isVolumeName(name: string): name is VolumeName {
  return name in volumes;
}

/** The volumes that a stack has, by its configuration; tests/config/losses.test.ts compares them with the program's. */
export function volumesOf(config: Platform): VolumeName[] {
  return volumeNames.filter((name) => volumes[name].isDeployed?.(config) ?? true);
}

/** Where a stack keeps data, by its configuration. */
export function dataPlaces(config: Platform): DataPlaces {
  const { namespace, projects, projectNamespacePrefix } = config;
  return {
    namespace,
    projects: projects.map(({ name }) => ({ name, namespace: projectNamespace(projectNamespacePrefix, name) })),
    volumes: volumesOf(config).map((name) => ({ name, storageClass: classOf(name, config) ?? "" })),
  };
}

/** The output as the engine gives it back; undefined where a stack has none yet. */
export function readDataPlaces(output: unknown): DataPlaces | undefined {
  const { namespace, projects, volumes } = object(output);
  if (namespace === undefined) return undefined;
  return {
    namespace: text(namespace),
    projects: list(projects)
      .map(object)
      .map((project) => ({ name: text(project.name), namespace: text(project.namespace) })),
    volumes: list(volumes)
      .map(object)
      .map((volume) => ({ name: text(volume.name), storageClass: text(volume.storageClass) })),
  };
}
