import { list, object, text } from "./facts.ts";
import { type Deployed, type Platform, volumeKeys } from "./losses.ts";
import { projectNamespace } from "./project-namespace.ts";

/** The output of a stack that its next update reads, to say what that one would delete. */
export const dataOutput = "dataPlaces";

const claimType = "kubernetes:core/v1:PersistentVolumeClaim";
const namespaceType = "kubernetes:core/v1:Namespace";

/** Where a stack keeps data, by its configuration. */
export function dataPlaces(config: Platform) {
  const { namespace, projects, projectNamespacePrefix } = config;
  const volumes = Object.entries(volumeKeys).filter(([, { isThere }]) => isThere(config));
  return {
    namespace,
    projects: projects.map(({ name }) => ({ name, namespace: projectNamespace(projectNamespacePrefix, name) })),
    // Without a class it is the cluster's own.
    volumes: volumes.map(([name, { classOf }]) => ({ name, storageClass: classOf(config) ?? "" })),
  };
}

/** The resources that the output stands for; none where a stack has no such output yet. */
export function deployedOf(places: unknown): Deployed[] {
  const { namespace, projects, volumes } = object(places);
  if (namespace === undefined) return [];
  return [
    namespaceOf(text(namespace), text(namespace), "platform"),
    ...list(projects)
      .map(object)
      .map((project) => namespaceOf(text(project.name), text(project.namespace), "project")),
    ...list(volumes)
      .map(object)
      .map(({ name, storageClass }) => ({
        type: claimType,
        name: text(name),
        outputs: { spec: storageClass === "" ? {} : { storageClassName: storageClass } },
      })),
  ];
}

function namespaceOf(name: string, namespace: string, component: string): Deployed {
  const labels = { "app.kubernetes.io/component": component };
  return { type: namespaceType, name, outputs: { metadata: { name: namespace, labels } } };
}
