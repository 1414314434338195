import { z } from "zod";
import { type VolumeName, volumeNames, volumes } from "../components/parts.ts";
import type { Config } from "../config.ts";
import { projectNamespace } from "./project-namespace.ts";

/** The stack output that the next update reads to report which data it would delete. */
export const dataOutput = "dataPlaces";

const projectNamespaceSchema = z.object({ name: z.string(), namespace: z.string() });
const volumeSchema = z.object({
  name: z.string(),
  storageClass: z.string().describe("Empty: the cluster's own class."),
});
const dataLocationsSchema = z.object({
  namespace: z.string().describe("Of the platform."),
  projects: z.array(projectNamespaceSchema),
  volumes: z.array(volumeSchema),
});

export type ProjectNamespace = z.output<typeof projectNamespaceSchema>;
export type Volume = z.output<typeof volumeSchema>;
/** Where a stack keeps data. */
export type DataLocations = z.output<typeof dataLocationsSchema>;

/** The keys that determine where data is. */
export type Platform = Pick<
  Config,
  | "airflow"
  | "allowDataLoss"
  | "backup"
  | "cluster"
  | "labels"
  | "layers"
  | "minio"
  | "monitoring"
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

/** The storage class that a configuration requests for a volume; undefined: the cluster's own. */
export function classOf(name: VolumeName, config: Platform): string | undefined {
  const clusterClass = "storageClass" in config.cluster ? config.cluster.storageClass : undefined;
  return volumes[name].storageClass?.of(config) ?? clusterClass;
}

export function isVolumeName(name: string): name is VolumeName {
  return name in volumes;
}

/** The volumes that a configuration deploys; tests/config/losses.test.ts compares them with the program's. */
export function volumesOf(config: Platform): VolumeName[] {
  return volumeNames.filter((name) => volumes[name].isDeployed?.(config) ?? true);
}

/** Where a stack with this configuration keeps data. */
export function dataLocations(config: Platform): DataLocations {
  const { namespace, projects, projectNamespacePrefix } = config;
  return {
    namespace,
    projects: projects.map(({ name }) => ({ name, namespace: projectNamespace(projectNamespacePrefix, name) })),
    volumes: volumesOf(config).map((name) => ({ name, storageClass: classOf(name, config) ?? "" })),
  };
}

/**
 * The output as the engine returns it; undefined if the stack does not have it yet.
 *
 * @throws if the output has another shape
 */
export function readDataLocations(output: unknown): DataLocations | undefined {
  return output === undefined ? undefined : dataLocationsSchema.parse(output);
}
