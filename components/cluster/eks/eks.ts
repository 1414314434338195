import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { EksConfig } from "./data/schema.ts";
import type { Config } from "../../../config.ts";
import type { StorageClient } from "../../clients.ts";
import type { Images } from "../../images.ts";
import type { Cluster, ClusterCapabilities, ImageRegistry, ObjectStorage, PostgresServer } from "../cluster.ts";
import { noFit, type PodFit } from "../../site/pod-fit.ts";
import { makeSiteObjects, noSiteObjects, type SiteObjects } from "../../site/site-objects.ts";
import { EksAddonRoles } from "./add-ons/eks-addon-roles.ts";
import { EksAddons } from "./add-ons/eks-addons.ts";
import { EksAutoscaler, type EksAutoscalerArgs } from "./add-ons/eks-autoscaler.ts";
import { EksControlPlane } from "./eks-control-plane.ts";
import { EksDatabase, type EksDatabaseArgs } from "./eks-database.ts";
import {
  EksLoadBalancerController,
  type EksLoadBalancerControllerArgs,
} from "./add-ons/eks-load-balancer-controller.ts";
import { EksNetwork } from "./eks-network.ts";
import { maxNodes } from "./eks-node-pools.ts";
import { EksNodes } from "./eks-nodes.ts";
import { EksRegistry } from "./eks-registry.ts";
import { eksRegistryAccess } from "./eks-registry-access.ts";
import { encryptedClass } from "./eks-storage-class.ts";
import { openSystemPods } from "./eks-system-policy.ts";
import { EksStorage, type EksStorageArgs } from "./eks-storage.ts";
import { tagsOf } from "./eks-tags.ts";
import { eksStorageClass, eksCapabilities } from "./eks-capabilities.ts";
import { inPlace } from "../in-place.ts";

export interface EksClusterArgs extends EksConfig {
  postgres: Config["postgres"];
  exposure: Config["exposure"];
  /** Whether the platform's namespaces have policies. */
  networkPolicies: boolean;
  /** Tags of everything, beside the program's own. */
  labels: Config["labels"];
  /** Who keeps data in the bucket. */
  clients: StorageClient[];
  images: Images;
  /** Whether the program pushes the platform's own images, which it builds. */
  buildsImages: boolean;
  /** What the site wants in the namespace of the add-ons. @default - nothing */
  siteObjects?: SiteObjects;
  /** What the site wants of the pods of the add-ons' charts. @default - nothing */
  fit?: PodFit;
  /** Generation of the database's generated secrets. */
  generation: number;
}

/**
 * An EKS cluster with its network, nodes, bucket, database and registry.
 *
 * With the defaults it costs about 318 USD a month with one node, see docs/eks.md.
 *
 * ```ts
 * const cluster = new EksCluster("cluster", { ...config.cluster, postgres, exposure, networkPolicies, … });
 * ```
 */
export class EksCluster extends pulumi.ComponentResource implements Cluster {
  readonly capabilities: ClusterCapabilities;
  readonly provider: k8s.Provider;
  readonly objectStorage: Cluster["objectStorage"];
  readonly managedPostgres: Cluster["managedPostgres"];
  readonly kubeconfig: pulumi.Output<string>;
  readonly registry: ImageRegistry;

  constructor(name: string, args: EksClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:eks:EksCluster", name, {}, opts);
    this.capabilities = eksCapabilities(args, args.labels);
    const { region, deletionProtection, network: ranges } = args;
    const tags = tagsOf(args.labels);
    const rolePath = `/${args.name}/`;
    const provider = new aws.Provider(name, { region, defaultTags: { tags } }, { parent: this });
    const child = { parent: this, providers: [provider] };

    const network = new EksNetwork(`${name}-network`, { ...args, clusterName: args.name }, child);
    const { vpcId, zones, privateSubnetIds: subnetIds, nodeSubnetIds } = network;
    const controlPlane = new EksControlPlane(
      `${name}-control-plane`,
      { ...args, servicesCidr: ranges.servicesCidr, subnetIds, rolePath },
      child,
    );
    const { clusterName, version, oidc } = controlPlane;
    this.kubeconfig = controlPlane.kubeconfig;
    const system = this.kubernetes(`${name}-system`, args, [network, controlPlane]);
    const networkPolicyMode = args.networkPolicies ? args.networkPolicyMode : "standard";
    const inAddons = { clusterName, version, tags, networkPolicyMode };
    const opener = { parent: this, provider: system };
    // Before the add-on that closes new pods, and before there are pods.
    const open = networkPolicyMode === "strict" ? [openSystemPods(`${name}-open`, opener)] : [];
    const common = { clusterName, region, oidc, rolePath, tags };
    const roles = new EksAddonRoles(`${name}-addon-roles`, { region, oidc, rolePath }, child);
    const networkAddons = new EksAddons(
      `${name}-network-addons`,
      { ...inAddons, roleArns: roles.arns, addons: ["vpc-cni", "kube-proxy"] },
      { ...child, dependsOn: [roles, ...open] },
    );
    const nodes = new EksNodes(
      `${name}-nodes`,
      { ...args, ...common, version, zones, subnetIds: nodeSubnetIds },
      // A node needs its way out to join, its network to be ready, and the disks' role until it goes.
      { ...child, dependsOn: [network, roles, networkAddons] },
    );
    const addons = new EksAddons(
      `${name}-addons`,
      { ...inAddons, roleArns: roles.arns, addons: ["coredns", "aws-ebs-csi-driver"] },
      { ...child, dependsOn: nodes },
    );

    this.objectStorage = this.storage(name, args, { oidc, rolePath, provider }, child);
    this.managedPostgres = this.database(name, args, { vpcId, subnetIds, controlPlane }, child);
    const registryArgs = { path: args.name, deletionProtection, isBuiltFor: args.buildsImages };
    const registry = new EksRegistry(`${name}-registry`, registryArgs, child);
    const access = eksRegistryAccess(args, { provider });
    this.registry = { ...access, address: registry.address, ready: [registry] };
    // A destroy goes the other way round: the platform's load balancers and disks, then what they need.
    const dependsOn = [nodes, addons];
    const inSystem = { parent: this, providers: [provider, system], dependsOn };
    const bySystem = { parent: this, provider: system, dependsOn };
    makeSiteObjects("cluster-system", "kube-system", args.siteObjects ?? noSiteObjects, bySystem);
    const parts = [
      encryptedClass(eksStorageClass, bySystem),
      ...this.system(
        args,
        { ...common, version, clusterName: args.name, images: args.images, fit: args.fit ?? noFit },
        inSystem,
      ),
    ];
    this.provider = this.kubernetes(name, args, parts);
    this.registerOutputs({ provider: this.provider, kubeconfig: this.kubeconfig, registry: registry.address });
  }

  private kubernetes(name: string, args: EksClusterArgs, dependsOn: pulumi.Resource[]): k8s.Provider {
    const clusterIdentifier = `${args.region}/${args.name}`;
    return new k8s.Provider(
      name,
      { kubeconfig: this.kubeconfig, clusterIdentifier, ...inPlace },
      { parent: this, dependsOn },
    );
  }

  /** What every platform on the cluster rests upon. */
  private system(args: EksClusterArgs, common: SystemArgs, child: pulumi.ComponentResourceOptions): pulumi.Resource[] {
    const { exposure } = args;
    const isBehindAlb = exposure.kind === "ingress" && exposure.className === undefined;
    return [
      new EksAutoscaler("cluster-autoscaler", { ...common, maxNodes: maxNodes(args) }, child),
      ...(isBehindAlb ? [new EksLoadBalancerController("aws-load-balancer-controller", common, child)] : []),
    ];
  }

  private storage(
    name: string,
    { name: clusterName, region, clients, deletionProtection }: EksClusterArgs,
    { provider, ...roles }: Pick<EksStorageArgs, "oidc" | "rolePath"> & { provider: aws.Provider },
    child: pulumi.ComponentResourceOptions,
  ): ObjectStorage {
    // An invoke takes a component's `providers` for nothing, and the default provider in their place.
    const account = aws.getCallerIdentityOutput({}, { parent: this, provider }).accountId;
    const bucketName = pulumi.interpolate`${clusterName}-${account}-${region}`;
    const environment = this.capabilities.storageEnvironment;
    const args = { ...roles, bucketName, clients, environment, deletionProtection };
    return new EksStorage(`${name}-storage`, args, child).objectStorage;
  }

  private database(
    name: string,
    { postgres, region, network: { cidr }, generation, deletionProtection }: EksClusterArgs,
    { controlPlane, ...place }: Pick<EksDatabaseArgs, "vpcId" | "subnetIds"> & { controlPlane: EksControlPlane },
    child: pulumi.ComponentResourceOptions,
  ): PostgresServer | undefined {
    if (postgres.kind !== "managed") return undefined;
    const clientSecurityGroupId = controlPlane.securityGroupId;
    const args = { ...place, region, cidr, clientSecurityGroupId, settings: postgres, generation, deletionProtection };
    return new EksDatabase(`${name}-postgres`, args, child).server;
  }
}

type SystemArgs = EksLoadBalancerControllerArgs & Pick<EksAutoscalerArgs, "version">;
