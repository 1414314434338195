import type { CloudConstructors } from "../constructor.ts";
import type { GkeConfig, GkeIdentity } from "./data/schema.ts";
import { GkeCluster } from "./gke.ts";
import { gkeCapabilities } from "./gke-capabilities.ts";
import { gkeIdentityStorage } from "./gke-identity-storage.ts";
import { gkeProvider } from "./gke-provider.ts";
import { gkeRegistryAccess } from "./gke-registry-access.ts";

export const gkeConstructors: CloudConstructors<GkeConfig, GkeIdentity> = {
  cluster: ({ cluster, config: { postgres, exposure, labels, rotation }, clients }) =>
    new GkeCluster("cluster", { ...cluster, postgres, exposure, labels, clients, generation: rotation.admin }),
  capabilities: gkeCapabilities,
  registry: (cluster, opts) => {
    const { project, region } = cluster;
    const provider = gkeProvider("images", { project, region, labels: {} }, opts);
    return gkeRegistryAccess(cluster, { provider });
  },
  identityStorage: gkeIdentityStorage,
};
