import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EksConfig } from "./data/schema.ts";
import type { OidcProvider } from "./eks-irsa.ts";
import { eksLogGroup } from "./eks-log-group.ts";
import { awsManagedPolicy, partitionOf, serviceTrust } from "./eks-policies.ts";

export interface EksControlPlaneArgs extends Pick<
  EksConfig,
  "name" | "region" | "kubernetesVersion" | "authorizedNetworks" | "administrators" | "deletionProtection"
> {
  servicesCidr: string;
  subnetIds: pulumi.Input<string>[];
  /** Path of the roles. */
  rolePath: string;
}

/**
 * The control plane: private, or reachable from named ranges alone; its Secrets encrypted with a key of its own, its
 * logs kept for 30 days, access by access entries and not by a ConfigMap.
 *
 * It costs 0.10 USD an hour.
 *
 * ```ts
 * const controlPlane = new EksControlPlane("cluster", { ...config, servicesCidr, subnetIds, rolePath: "/mlops/" });
 * ```
 */
export class EksControlPlane extends pulumi.ComponentResource {
  /** Known when the cluster is there. */
  readonly clusterName: pulumi.Output<string>;
  /** Kubernetes version, e.g. `1.35`; the nodes follow it. */
  readonly version: pulumi.Output<string>;
  /** Security group of the control plane, the nodes and the pods. */
  readonly securityGroupId: pulumi.Output<string>;
  readonly oidc: OidcProvider;
  /** It holds no token. */
  readonly kubeconfig: pulumi.Output<string>;

  constructor(name: string, args: EksControlPlaneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:eks-control-plane:EksControlPlane", name, {}, opts);
    const child = { parent: this };
    const protect = args.deletionProtection;
    const key = new aws.kms.Key(
      name,
      { description: `Secrets of the cluster ${args.name}`, enableKeyRotation: true, deletionWindowInDays: 30 },
      { ...child, protect },
    );
    const logs = eksLogGroup(name, args.name, this);
    const role = new aws.iam.Role(
      name,
      { path: args.rolePath, assumeRolePolicy: JSON.stringify(serviceTrust("eks.amazonaws.com")) },
      child,
    );
    const policyArn = awsManagedPolicy(args.region, "AmazonEKSClusterPolicy");
    const attachment = new aws.iam.RolePolicyAttachment(name, { role: role.name, policyArn }, child);
    const cluster = new aws.eks.Cluster(
      name,
      {
        ...settingsOf(args),
        roleArn: role.arn,
        encryptionConfig: { provider: { keyArn: key.arn }, resources: ["secrets"] },
      },
      { ...child, protect, dependsOn: [logs, attachment] },
    );
    const issuerUrl = cluster.identities.apply(([identity]) => identity?.oidcs[0]?.issuer ?? "");
    const provider = new aws.iam.OpenIdConnectProvider(
      name,
      { url: issuerUrl, clientIdLists: ["sts.amazonaws.com"] },
      child,
    );
    this.clusterName = cluster.name;
    this.version = cluster.version;
    this.securityGroupId = cluster.vpcConfig.clusterSecurityGroupId;
    this.oidc = { arn: provider.arn, issuer: issuerUrl.apply((url) => url.replace("https://", "")) };
    this.kubeconfig = pulumi
      .all([cluster.endpoint, cluster.certificateAuthority.data])
      .apply(([server, authority]) => kubeconfigOf({ ...args, server, authority }));
    this.administrators(name, args, cluster.name);
    this.registerOutputs({ clusterName: this.clusterName, kubeconfig: this.kubeconfig });
  }

  private administrators(
    name: string,
    { administrators, region }: EksControlPlaneArgs,
    clusterName: pulumi.Output<string>,
  ): void {
    for (const principalArn of administrators) {
      // A role's name is one account's own.
      const [account = "", principal = ""] = principalArn.split(":").slice(4);
      const entryName = `${name}-${account}-${principal}`;
      const entry = new aws.eks.AccessEntry(entryName, { clusterName, principalArn }, { parent: this });
      const policyArn = `arn:${partitionOf(region)}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`;
      new aws.eks.AccessPolicyAssociation(
        entryName,
        { clusterName, principalArn: entry.principalArn, policyArn, accessScope: { type: "cluster" } },
        { parent: this },
      );
    }
  }
}

/** Everything that is known of the control plane by its configuration alone. */
function settingsOf(args: EksControlPlaneArgs) {
  const { name, kubernetesVersion, authorizedNetworks, deletionProtection, servicesCidr, subnetIds } = args;
  const isPublic = authorizedNetworks.length > 0;
  return {
    name,
    ...(kubernetesVersion === undefined ? {} : { version: kubernetesVersion }),
    // The principal that creates the cluster is its first administrator; the program adds the other entries.
    accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
    // eks-addons.ts installs them with its own settings.
    bootstrapSelfManagedAddons: false,
    deletionProtection,
    enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
    kubernetesNetworkConfig: { serviceIpv4Cidr: servicesCidr },
    // Extended support costs six times as much; without it EKS upgrades a version that has come to its end.
    upgradePolicy: { supportType: "STANDARD" },
    vpcConfig: {
      subnetIds,
      endpointPrivateAccess: true,
      endpointPublicAccess: isPublic,
      ...(isPublic ? { publicAccessCidrs: authorizedNetworks } : {}),
    },
  };
}

interface KubeconfigArgs {
  name: string;
  region: string;
  /** Address of the API server. */
  server: string;
  /** Its certificate authority as base64. */
  authority: string;
}

/** A kubeconfig that asks AWS's CLI for a token each time, with the user's credentials. */
export function kubeconfigOf({ name, region, server, authority }: KubeconfigArgs): string {
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "aws",
    args: ["eks", "get-token", "--cluster-name", name, "--region", region],
    interactiveMode: "Never",
  };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": authority } }],
    users: [{ name, user: { exec } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}
