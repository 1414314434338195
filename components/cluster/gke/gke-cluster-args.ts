import type * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import type { GkeConfig } from "./data/schema.ts";
import { rangeNames } from "./gke-network.ts";
import { workloadPoolOf } from "./gke-identity.ts";

interface GkeClusterArgs {
  config: GkeConfig;
  /** Zones of the nodes, at least one. */
  zones: string[];
  networkLink: pulumi.Input<string>;
  subnetworkLink: pulumi.Input<string>;
  /** E-mail address of the account that nodes run as. */
  nodeAccount: pulumi.Input<string>;
  /** Labels of the cluster, for the bill. */
  labels: Record<string, string>;
}

/** Workloads whose state GKE's monitoring watches, beside its own components. */
const watchedWorkloads = ["POD", "DEPLOYMENT", "STATEFULSET", "DAEMONSET", "STORAGE"];

/**
 * Where the control plane is: in the region, or in the first zone of the nodes.
 *
 * A cluster in a zone names only the other zones of its nodes.
 * Source: https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/container_cluster#node_locations-1
 */
export function placeOf(
  { region, regional }: Pick<GkeConfig, "region" | "regional">,
  zones: string[],
): { location: string; nodeLocations?: string[] } {
  const [first = region, ...others] = zones;
  if (regional) return { location: region, nodeLocations: zones };
  return { location: first, ...(others.length === 0 ? {} : { nodeLocations: others }) };
}

/** The cluster: VPC-native, private nodes, NetworkPolicies enforced, identities for workloads. */
export function gkeClusterArgs(args: GkeClusterArgs): gcp.container.ClusterArgs {
  const { config, zones, networkLink, subnetworkLink, nodeAccount, labels } = args;
  const { name, project, kubernetesVersion, deletionProtection } = config;
  return {
    name,
    project,
    ...(config.autopilot === true ? { location: config.region } : placeOf(config, zones)),
    resourceLabels: labels,
    deletionProtection,
    releaseChannel: { channel: "REGULAR" },
    ...(kubernetesVersion === undefined ? {} : { minMasterVersion: kubernetesVersion }),
    networkingMode: "VPC_NATIVE",
    network: networkLink,
    subnetwork: subnetworkLink,
    ipAllocationPolicy: {
      clusterSecondaryRangeName: rangeNames.pods,
      servicesSecondaryRangeName: rangeNames.services,
    },
    privateClusterConfig: { enablePrivateNodes: true },
    ...controlPlane(config.authorizedNetworks),
    workloadIdentityConfig: { workloadPool: workloadPoolOf(project) },
    securityPostureConfig: { mode: "BASIC" },
    // A binding to everyone gives no rights; the discovery of the API stays.
    rbacBindingConfig: {
      enableInsecureBindingSystemAuthenticated: false,
      enableInsecureBindingSystemUnauthenticated: false,
    },
    ...(config.autopilot === true ? ofAutopilot(nodeAccount) : ofNodePools(nodeAccount)),
    loggingConfig: { enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS"] },
    monitoringConfig: {
      enableComponents: ["SYSTEM_COMPONENTS", ...watchedWorkloads],
      // Google takes the state of workloads through it.
      managedPrometheus: { enabled: true },
    },
    // Splits the bill by namespace, so by project.
    costManagementConfig: { enabled: true },
    maintenancePolicy: { dailyMaintenanceWindow: { startTime: "03:00" } },
  };
}

/**
 * Who reaches the control plane: by its DNS name whom IAM lets, by an address only from the given ranges.
 *
 * No client certificate is issued, because it could not be revoked.
 */
function controlPlane(authorizedNetworks: string[]): Partial<gcp.container.ClusterArgs> {
  const hasAddress = authorizedNetworks.length > 0;
  const cidrBlocks = authorizedNetworks.map((cidrBlock) => ({ cidrBlock }));
  return {
    masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: { allowExternalTraffic: true },
      ipEndpointsConfig: { enabled: hasAddress },
    },
    ...(hasAddress ? { masterAuthorizedNetworksConfig: { cidrBlocks, gcpPublicCidrsAccessEnabled: false } } : {}),
  };
}

/**
 * A cluster for whose pods Google makes the nodes, in any zone of the region: shielded, with its own add-ons, Dataplane V2
 * and Workload Identity, none of which can be chosen.
 */
function ofAutopilot(serviceAccount: pulumi.Input<string>): Partial<gcp.container.ClusterArgs> {
  return {
    enableAutopilot: true,
    clusterAutoscaling: {
      autoProvisioningDefaults: { serviceAccount, oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"] },
    },
    nodePoolAutoConfig: { nodeKubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" } },
  };
}

/**
 * A cluster with node pools of its own. The one that it is made with goes at once; it is hardened too, since a project's
 * policies may ask for it.
 */
function ofNodePools(serviceAccount: pulumi.Input<string>): Partial<gcp.container.ClusterArgs> {
  return {
    datapathProvider: "ADVANCED_DATAPATH",
    enableShieldedNodes: true,
    addonsConfig: {
      horizontalPodAutoscaling: { disabled: false },
      httpLoadBalancing: { disabled: false },
      gcePersistentDiskCsiDriverConfig: { enabled: true },
    },
    removeDefaultNodePool: true,
    initialNodeCount: 1,
    nodeConfig: {
      serviceAccount,
      shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
      metadata: { "disable-legacy-endpoints": "true" },
    },
  };
}

/**
 * What the engine leaves as it is: the first pool is gone, and what it was made of with it.
 *
 * Without an address of the control plane, Google answers that its endpoint is private, which the provider takes for a
 * setting of the user's own: each update would plan to change it, and send the control plane an update.
 */
export function ignoredChanges({
  authorizedNetworks,
  autopilot = false,
}: Pick<GkeConfig, "authorizedNetworks" | "autopilot">): string[] {
  const hasAddress = authorizedNetworks.length > 0;
  return [...(autopilot ? [] : ["nodeConfig"]), ...(hasAddress ? [] : ["privateClusterConfig.enablePrivateEndpoint"])];
}
