import type { Config } from "../../config.ts";
import type { Cluster, StorageAccess } from "../cluster/cluster.ts";
import { podRequestsOf } from "../cluster/kinds.ts";
import type { DataStores } from "../data-stores.ts";
import type { Images } from "../images.ts";
import { isDeployed } from "../parts.ts";
import { platformJson } from "../project/platform-json.ts";
import type { ProjectNamespace } from "../project/projects.ts";
import { platformFit } from "../site/site-pods.ts";
import { type Exposure, staticUrl } from "../web/exposure.ts";
import type { AirflowArgs } from "./airflow.ts";

interface Platform {
  images: Images;
  capabilities: Cluster["capabilities"];
  exposure: Exposure;
  stores: Pick<DataStores, "database" | "storage" | "ready">;
  /** Undefined: logs are on a volume. */
  logs: StorageAccess | undefined;
  projects: ProjectNamespace[];
}

/** Airflow's arguments on a platform that a configuration describes. */
export function airflowArgs(
  config: Config,
  { images, capabilities: { storageClass, dataFolder }, exposure, stores, logs, projects }: Platform,
): AirflowArgs {
  const { namespace, airflow, rotation, labels, secrets } = config;
  return {
    images,
    rotation,
    namespace,
    config: airflow,
    database: stores.database("airflow"),
    logs,
    embeddedDagsImage: images.own("airflow"),
    labels,
    storageClass,
    projects,
    platformJson: platformJson({ config, images, dataFolder }),
    fit: platformFit(config),
    podRequests: podRequestsOf(config.cluster),
    hasMetrics: isDeployed("airflow-statsd", config),
    baseUrl: staticUrl(exposure, "airflow"),
    secrets,
    after: stores.ready,
  };
}
