import type { Config } from "../../config.ts";
import { projectNamespace } from "../../config/project-namespace.ts";
import { dagsFolderOf } from "../airflow/dag-source.ts";
import type { Images } from "../images.ts";
import { type TaskVolume, taskVolumes } from "./project.ts";
import { podRequestsOf, spotMarksOf } from "../cluster/kinds.ts";
import { requestingPod, type SiteConfig, taskFit } from "../site/site-pods.ts";
import { defaultTaskResources, taskPodTemplate } from "./task-pod.ts";

interface PlatformJsonArgs {
  config: Pick<Config, "cluster" | "projects" | "projectNamespacePrefix" | "airflow"> & SiteConfig;
  images: Images;
  dataFolder: string | undefined;
}

/**
 * What `dags/common` knows of the platform, as the text of platform.json.
 *
 * Holds names only, no secret. The `version` changes when the helper must change with it.
 */
export function platformJson({ config, images, dataFolder }: PlatformJsonArgs): string {
  const dagsFolder = dagsFolderOf(config.airflow.dags);
  const projects = config.projects.map((project): [string, object] => {
    const { name, database } = project;
    const namespace = projectNamespace(config.projectNamespacePrefix, name);
    const volumes = taskVolumes({ database, dataFolder, dagsFolder });
    const template = taskPodTemplate({ project: name, namespace, volumes, fit: taskFit(config, project) });
    const pod = requestingPod(template, podRequestsOf(config.cluster));
    return [name, { namespace, pod, ...keysBeforePod(name, volumes) }];
  });
  const platform = {
    version: 1,
    images: Object.fromEntries(images.ownNames.map((name) => [name, images.own(name)])),
    // Goes with keysBeforePod().
    imagePullPolicy: "IfNotPresent",
    projects: Object.fromEntries(projects),
    ...spotNodes(config.cluster),
  };
  return JSON.stringify(platform, null, 2);
}

/** Where the spot nodes of a cluster that the program makes are; an existing cluster's are in `scheduling.tasks`. */
function spotNodes(cluster: Config["cluster"]): object {
  const marks = spotMarksOf(cluster);
  if (marks === undefined) return {};
  const tasksByDefault = "spotNodes" in cluster && cluster.spotNodes?.tasksByDefault === true;
  return { spotNodes: { tasksByDefault, ...marks } };
}

/**
 * What `dags/common` read before it read `pod`.
 *
 * Until their pods roll, DAG processors and workers read this file with the DAGs of the release before. Version 2 has
 * none of these keys.
 */
function keysBeforePod(name: string, volumes: TaskVolume[]): object {
  return { serviceAccount: name, configMap: name, secret: name, resources: defaultTaskResources, volumes };
}
