import { clientsByStore } from "../../../components/clients.ts";
import { createCluster } from "../../../components/cluster/create.ts";
import { clusterOutputs } from "../../../components/cluster/cluster-outputs.ts";
import { validate } from "../../../config.ts";
import { record } from "../../../preview/recorder/recorder.ts";
import type { Recording } from "../../../lib/recording.ts";

export const project = "acme-ml-prod";
export const region = "europe-west4";

/** A stack's configuration with a GKE cluster; `cluster` is merged into its own. */
export function gkeConfig({ cluster = {}, ...own }: { cluster?: object; [key: string]: unknown } = {}) {
  return validate({
    imageRegistry: `${region}-docker.pkg.dev/${project}/mlops`,
    cluster: { kind: "gke", project, region, ...cluster },
    projects: [{ name: "pageviews" }],
    ...own,
  });
}

/** Makes the cluster of a configuration, and nothing of the platform. */
export function recordGke(own: Parameters<typeof gkeConfig>[0] = {}): Promise<Recording> {
  return record(() => {
    const config = gkeConfig(own);
    const cluster = createCluster(config, clientsByStore(config).cloud);
    const { kubeconfig, registry } = cluster;
    return { kubeconfig, registry: registry?.address, ...clusterOutputs(cluster, config) };
  });
}
