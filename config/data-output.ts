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

/** How the configuration says which volumes there are; tests/config/losses.test.ts compares it with the program. */
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

/** Where a stack keeps data, by its configuration. */
export function dataPlaces(config: Platform): DataPlaces {
  const { namespace, projects, projectNamespacePrefix } = config;
  const volumes = Object.entries(volumeKeys).filter(([, { isThere }]) => isThere(config));
  return {
    namespace,
    projects: projects.map(({ name }) => ({ name, namespace: projectNamespace(projectNamespacePrefix, name) })),
    volumes: volumes.map(([name, { classOf }]) => ({ name, storageClass: classOf(config) ?? "" })),
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
