import type { Config } from "../../config.ts";
import type { StorageClient } from "../clients.ts";
import type { Cluster } from "./cluster.ts";
import type { CloudConstructors, ClusterArgs, IdentityStorageArgs } from "./constructor.ts";
import { eksConstructors } from "./eks/constructors.ts";
import { ExistingCluster, type ExistingArgs } from "./existing/existing.ts";
import { gkeConstructors } from "./gke/constructors.ts";
import { sharedSettings } from "./cluster-outputs.ts";
import { type CloudKindName, type ConfigOf, type IdentityOf, isCloud } from "./kinds.ts";
import { MinikubeCluster } from "./minikube/minikube.ts";
import { ReferencedCluster, type ReferencedClusterArgs } from "./referenced.ts";

/** The constructors of each cloud that kinds.ts lists. */
const cloudConstructors: { [K in CloudKindName]: CloudConstructors<ConfigOf<K>, IdentityOf<K>> } = {
  gke: gkeConstructors,
  eks: eksConstructors,
};

/**
 * Makes the cluster of a stack, or takes the one that is there.
 *
 * @param clients who keeps data in the cluster's own object storage
 */
export function createCluster(config: Config, clients: StorageClient[]): Cluster {
  const { cluster, labels } = config;
  if (isCloud(cluster)) return cloudCluster(cluster.kind, { cluster, config, clients });
  switch (cluster.kind) {
    case "minikube":
      return new MinikubeCluster("cluster", cluster);
    case "existing":
      return new ExistingCluster("cluster", {
        ...cluster,
        identityStorage:
          cluster.identity && identityStorage(cluster.identity.kind, cluster.identity, { clients, labels }),
      });
  }
}

/** A stack without the layer `cluster` takes its cluster from the stack that made it. */
function cloudCluster<K extends CloudKindName>(kind: K, args: ClusterArgs<ConfigOf<K>>): Cluster {
  const constructors = cloudConstructors[kind];
  const { config, clients } = args;
  const { layers, labels, clusterStack, postgres, imageRegistry } = config;
  if (layers.includes("cluster")) return constructors.cluster(args);
  const capabilities = constructors.capabilities(args.cluster, labels);
  const shared = sharedSettings(config);
  // Published images take no right in the cloud.
  const registry: ReferencedClusterArgs["registry"] =
    imageRegistry === "" ? (opts) => constructors.registry?.(args.cluster, opts) : undefined;
  return new ReferencedCluster("cluster", { clusterStack, capabilities, clients, postgres, shared, registry });
}

function identityStorage<K extends CloudKindName>(
  kind: K,
  identity: IdentityOf<K>,
  args: IdentityStorageArgs,
): ExistingArgs["identityStorage"] {
  return (name, opts) => cloudConstructors[kind].identityStorage(name, identity, args, opts);
}
