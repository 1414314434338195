import type { Config } from "../../config.ts";
import type { StorageClient } from "../clients.ts";
import { imagesOf } from "../images.ts";
import type { Cluster, ClusterCapabilities } from "./cluster.ts";
import { EksCluster } from "./eks/eks.ts";
import { eksCapabilities } from "./eks/eks-capabilities.ts";
import { ExistingCluster } from "./existing/existing.ts";
import { GkeCluster } from "./gke/gke.ts";
import { gkeCapabilities } from "./gke/gke-capabilities.ts";
import { sharedSettings } from "./handover.ts";
import { MinikubeCluster } from "./minikube/minikube.ts";
import { ReferencedCluster } from "./referenced.ts";

/**
 * The only switch on the kind of cluster.
 *
 * A stack without the layer `cluster` takes a cloud's cluster from the stack that made it.
 *
 * @param clients who keeps data in the cluster's own object storage
 */
export function createCluster(config: Config, clients: StorageClient[]): Cluster {
  const { cluster, postgres, exposure, labels, layers, clusterStack } = config;
  const images = imagesOf(config);
  const generation = config.rotation.admin;
  const referenced = (capabilities: ClusterCapabilities) =>
    new ReferencedCluster("cluster", { clusterStack, capabilities, clients, postgres, shared: sharedSettings(config) });
  const isHere = layers.includes("cluster");
  switch (cluster.kind) {
    case "minikube":
      return new MinikubeCluster("cluster", cluster);
    case "existing":
      return new ExistingCluster("cluster", { ...cluster, clients, labels });
    case "gke":
      return isHere
        ? new GkeCluster("cluster", { ...cluster, postgres, exposure, labels, clients, generation })
        : referenced(gkeCapabilities(cluster));
    case "eks":
      return isHere
        ? new EksCluster("cluster", { ...cluster, postgres, exposure, labels, clients, images, generation })
        : referenced(eksCapabilities(cluster, labels));
  }
}
