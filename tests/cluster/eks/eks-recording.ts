import { clientsByStore } from "../../../components/clients.ts";
import { createCluster } from "../../../components/cluster/create.ts";
import { validate } from "../../../config.ts";
import { record } from "../../../preview/recorder/recorder.ts";
import type { Recording } from "../../../lib/recording.ts";

const region = "eu-central-1";

/** Makes a stack's EKS cluster and nothing on it; the outputs are what the cluster offers. */
export function recordEks(cluster: object = {}, more: object = {}): Promise<Recording> {
  const config = validate({
    imageRegistry: "registry.example.org/mlops",
    projects: [{ name: "pageviews" }],
    labels: { "cost-center": "ml" },
    cluster: { kind: "eks", region, ...cluster },
    ...more,
  });
  return record(() => {
    const { capabilities, objectStorage, managedPostgres, kubeconfig, registry } = createCluster(
      config,
      clientsByStore(config).cloud,
    );
    const postgres = managedPostgres && { ...managedPostgres, ready: managedPostgres.ready.length };
    return { storageClass: capabilities.storageClass, access: objectStorage?.access, postgres, kubeconfig, registry };
  });
}
