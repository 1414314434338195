import * as gcp from "@pulumi/gcp";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { GkeConfig } from "./data/schema.ts";
import type { Config } from "../../../config.ts";
import type { StorageClient } from "../../clients.ts";
import type { Cluster, ClusterCapabilities, ImageRegistry, ObjectStorage, PostgresServer } from "../cluster.ts";
import { GkeAddress, webName } from "./gke-address.ts";
import { gkeClusterArgs, ignoredChanges, placeOf } from "./gke-cluster-args.ts";
import { GkeDatabase } from "./gke-database.ts";
import { workloadPoolOf } from "./gke-identity.ts";
import { gkeKubeconfig } from "./gke-kubeconfig.ts";
import { GkeNetwork } from "./gke-network.ts";
import { GkeNodeAccount } from "./gke-node-account.ts";
import { GkeNodes } from "./gke-nodes.ts";
import { gkeProvider, googleLabels } from "./gke-provider.ts";
import { GkeRegistry } from "./gke-registry.ts";
import { gkeRegistryAccess } from "./gke-registry-access.ts";
import { GkeServices } from "./gke-services.ts";
import { GkeStorage } from "./gke-storage.ts";
import { gkeCapabilities } from "./gke-capabilities.ts";
import { inPlace } from "../in-place.ts";

export interface GkeClusterArgs extends GkeConfig, Pick<Config, "postgres" | "exposure" | "labels"> {
  /** Who keeps data in the bucket. */
  clients: StorageClient[];
  /** Generation of the database administrator's password. */
  generation: number;
}

/**
 * A GKE cluster with Workload Identity and all that the platform needs beside it: network, bucket, Postgres, registry.
 *
 * ```ts
 * const cluster = new GkeCluster("cluster", { ...config.cluster, postgres, exposure, labels, clients, generation: 1 });
 * ```
 */
export class GkeCluster extends pulumi.ComponentResource implements Cluster {
  readonly capabilities: ClusterCapabilities;
  readonly provider: k8s.Provider;
  readonly objectStorage: ObjectStorage;
  readonly managedPostgres: PostgresServer | undefined;
  readonly kubeconfig: pulumi.Output<string>;
  readonly registry: ImageRegistry;

  constructor(name: string, args: GkeClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:gke:GkeCluster", name, {}, opts);
    const { project, region, deletionProtection } = args;
    const prefix = args.name;
    const labels = googleLabels(args.labels);
    const zones = args.zones.length === 0 ? [`${region}-b`] : args.zones;
    const provider = gkeProvider(name, { project, region, labels }, { parent: this });
    const enabled = new GkeServices(`${prefix}-services`, { project }, { parent: this, provider });
    const child = { parent: this, provider, dependsOn: [enabled] };
    this.capabilities = gkeCapabilities(args);

    const network = new GkeNetwork(prefix, args, child);
    const nodeAccount = new GkeNodeAccount(`${prefix}-nodes`, { prefix, project }, child);
    const { networkLink, subnetworkLink } = network;
    const cluster = new gcp.container.Cluster(
      prefix,
      gkeClusterArgs({ config: args, zones, networkLink, subnetworkLink, nodeAccount: nodeAccount.email, labels }),
      {
        ...child,
        protect: deletionProtection,
        ignoreChanges: ignoredChanges(args),
        dependsOn: [enabled, ...nodeAccount.ready],
      },
    );
    const registry = new GkeRegistry(
      prefix,
      { repository: prefix, project, region, reader: nodeAccount.member },
      child,
    );
    const { location } = placeOf(args, zones);
    const nodes =
      args.autopilot === true
        ? registry.ready
        : new GkeNodes(
            prefix,
            { cluster: cluster.id, location, zones, pools: args, serviceAccount: nodeAccount.email, labels },
            { ...child, dependsOn: [enabled, ...network.ready, ...registry.ready] },
          ).pools;
    const workloadPool = cluster.workloadIdentityConfig.apply((its) => its.workloadPool ?? workloadPoolOf(project));
    const storage = new GkeStorage(
      prefix,
      { prefix, project, region, clients: args.clients, workloadPool, deletionProtection },
      child,
    );
    const addresses = makeAddress(args, child);

    this.objectStorage = storage;
    this.managedPostgres = makeDatabase(args, { networkLink, zones, labels }, child);
    const access = gkeRegistryAccess(args, { provider });
    this.registry = { ...access, address: registry.address, ready: [registry] };
    const endpoint = cluster.controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint;
    this.kubeconfig = endpoint.apply((host) => gkeKubeconfig(prefix, host));
    this.provider = new k8s.Provider(
      name,
      { kubeconfig: this.kubeconfig, clusterIdentifier: `gke/${project}/${region}/${prefix}`, ...inPlace },
      // A destroy ends pods, load balancers and disks while there are nodes, and a way out, for it.
      { parent: this, dependsOn: [...nodes, ...network.ready, ...storage.ready, ...addresses] },
    );
    this.registerOutputs({ provider: this.provider, kubeconfig: this.kubeconfig, registry: registry.address });
  }
}

/** What the cluster's own ingress takes; a class that the user brings has its own way. */
function makeAddress({ name, exposure, dnsZone }: GkeClusterArgs, opts: pulumi.ComponentResourceOptions): GkeAddress[] {
  if (exposure.kind !== "ingress" || exposure.className !== undefined) return [];
  const { domain, sourceRanges } = exposure;
  return [new GkeAddress(`${name}-web`, { name: webName(name), domain, dnsZone, sourceRanges }, opts)];
}

function makeDatabase(
  { name, project, region, network, postgres, generation, deletionProtection }: GkeClusterArgs,
  { networkLink, zones: [zone = ""], labels }: Placement,
  opts: pulumi.ComponentResourceOptions,
): PostgresServer | undefined {
  if (postgres.kind !== "managed") return undefined;
  const { databaseCidr, databasePeering } = network;
  const own = databasePeering ? "peering" : "endpoint";
  const reach = network.name === undefined ? own : "site";
  const place = { region, zone, project, networkLink, reach, databaseCidr, labels } as const;
  return new GkeDatabase(name, { ...place, postgres, generation, deletionProtection }, opts).server;
}

interface Placement {
  networkLink: pulumi.Output<string>;
  zones: string[];
  labels: Record<string, string>;
}
