import type { Config } from "../../config.ts";
import { projectNamespace } from "../../config/project-namespace.ts";
import { type Images, ownImages } from "../images.ts";
import { taskVolumes } from "./project.ts";

/** Requests and limits of a task pod that sets none. */
const defaultTaskResources = {
  requests: { cpu: "100m", memory: "256Mi" },
  limits: { cpu: "1", memory: "1Gi" },
};

export interface PlatformJsonArgs {
  config: Pick<Config, "projects" | "projectNamespacePrefix" | "airflow">;
  images: Images;
  dataFolder: string | undefined;
}

/**
 * What `dags/common` knows of the platform, as the text of platform.json.
 *
 * Holds names only, no secret. The `version` changes when the helper must change with it.
 */
export function platformJson({ config, images, dataFolder }: PlatformJsonArgs): string {
  const { dags } = config.airflow;
  const dagsFolder = dags.kind === "hostPath" ? dags.path : undefined;
  const projects = config.projects.map(({ name, database }): [string, object] => [
    name,
    {
      namespace: projectNamespace(config.projectNamespacePrefix, name),
      serviceAccount: name,
      configMap: name,
      secret: name,
      resources: defaultTaskResources,
      volumes: taskVolumes({ database, dataFolder, dagsFolder }),
    },
  ]);
  const platform = {
    version: 1,
    images: Object.fromEntries(ownImages.map((name) => [name, images.own(name)])),
    imagePullPolicy: "IfNotPresent",
    projects: Object.fromEntries(projects),
  };
  return JSON.stringify(platform, null, 2);
}
