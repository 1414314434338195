import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { GkeConfig } from "./data/schema.ts";
import { gpuPool, initialCount, type NodeSettings, nodeConfig, platformPool, spotPool } from "./gke-node-config.ts";

export interface GkeNodesArgs {
  cluster: pulumi.Input<string>;
  /** Of the cluster: a region or a zone. */
  location: string;
  /** Zones of every pool, at least one. */
  zones: string[];
  pools: Pick<GkeConfig, "nodes" | "spotNodes" | "gpuNodes">;
  /** E-mail address of the account that the nodes run as. */
  serviceAccount: pulumi.Input<string>;
  /** Labels of the machines and disks, for the bill. */
  labels: Record<string, string>;
}

/**
 * The node pools: one for the platform, and those for tasks that the configuration asks for.
 *
 * ```ts
 * const nodes = new GkeNodes("mlops", { cluster: cluster.id, location, zones, pools, serviceAccount, labels });
 * ```
 */
export class GkeNodes extends pulumi.ComponentResource {
  readonly pools: gcp.container.NodePool[];

  constructor(name: string, args: GkeNodesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:gke-nodes:GkeNodes", name, {}, opts);
    const { nodes, spotNodes, gpuNodes } = args.pools;
    const settings = [
      platformPool(nodes),
      ...(spotNodes === undefined ? [] : [spotPool(nodes, spotNodes)]),
      ...(gpuNodes === undefined ? [] : [gpuPool(nodes, gpuNodes)]),
    ];
    this.pools = settings.map((pool) => this.make(name, pool, args));
    this.registerOutputs({ pools: this.pools });
  }

  private make(name: string, pool: NodeSettings, args: GkeNodesArgs): gcp.container.NodePool {
    const { cluster, location, zones, serviceAccount, labels } = args;
    return new gcp.container.NodePool(
      `${name}-${pool.name}`,
      {
        cluster,
        location,
        nodeLocations: zones,
        initialNodeCount: initialCount(pool, zones.length),
        autoscaling: {
          totalMinNodeCount: pool.minCount,
          totalMaxNodeCount: pool.maxCount,
          locationPolicy: pool.locationPolicy,
        },
        management: { autoRepair: true, autoUpgrade: true },
        upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
        maxPodsPerNode: pool.podsPerNode,
        networkConfig: { enablePrivateNodes: true },
        nodeConfig: nodeConfig(pool, serviceAccount, labels),
      },
      // The autoscaler owns the count; with an initial count, a changed minimum would recreate the pool.
      { parent: this, ignoreChanges: ["nodeCount", "initialNodeCount"] },
    );
  }
}
