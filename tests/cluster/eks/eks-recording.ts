import { clientsByStore } from "../../../components/clients.ts";
import { createCluster } from "../../../components/cluster/create.ts";
import { validate } from "../../../config.ts";
import type { MockTables } from "../../../lib/mocks.ts";
import type { Recording } from "../../../lib/recording.ts";
import { record } from "../../../preview/recorder/recorder.ts";

const region = "eu-central-1";

/**
 * Makes a stack's EKS cluster and nothing on it; the outputs are what the cluster offers.
 *
 * @param answers of AWS by token of the function. @default - those of the preview
 */
export function recordEks(
  cluster: object = {},
  more: object = {},
  answers: MockTables["calls"] = {},
): Promise<Recording> {
  const config = validate({
    imageRegistry: "registry.example.org/mlops",
    projects: [{ name: "pageviews" }],
    labels: { "cost-center": "ml" },
    cluster: { kind: "eks", region, ...cluster },
    ...more,
  });
  const program = () => {
    const { capabilities, objectStorage, managedPostgres, kubeconfig, registry } = createCluster(
      config,
      clientsByStore(config).cloud,
    );
    const postgres = managedPostgres && { ...managedPostgres, ready: managedPostgres.ready.length };
    const { storageClass } = capabilities;
    return { storageClass, access: objectStorage?.access, postgres, kubeconfig, registry: registry?.address };
  };
  return record(program, { answers });
}
