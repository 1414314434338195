import { authorizedNetworksRule, cloudRules } from "../../cloud-rules.ts";
import type { CloudKind } from "../../kind.ts";
import { eksBilling } from "./billing.ts";
import { isArm } from "./machines.ts";
import facts from "./facts.json" with { type: "json" };
import { eksMocks } from "./mocks.ts";
import { eksPolicy } from "./policy/policy.ts";
import { eksReplacements } from "./replacements.ts";
import { eksResources } from "./resources.ts";
import { ownRegistry } from "./registry.ts";
import { eksIdentityRules, eksRules, eksWarnings } from "./rules.ts";
import { eks, eksIdentity } from "./schema.ts";

/** Amazon Elastic Kubernetes Service. */
export const eksKind = {
  schema: eks,
  rules: [authorizedNetworksRule({ isOpen: true }), ...cloudRules, ...eksRules],
  warnings: eksWarnings,
  isLocal: false,
  defaults: { exposure: "portForward", postgres: "managed", imageRegistry: "" },
  cloud: {
    provider: "aws",
    identity: eksIdentity,
    isArm,
    registry: ownRegistry,
    exampleIdentity: {
      kind: "eks",
      region: "eu-central-1",
      oidcProviderArn: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE",
    },
    takesCertificateArn: true,
    identityRules: eksIdentityRules,
    postgresNames: ["rdsadmin"],
    // The token service has no fixed address.
    identityEndpoints: [{ cidr: "0.0.0.0/0", ports: [443] }],
    objectStorage: { scheme: "s3:", accountAnnotation: "eks.amazonaws.com/role-arn" },
    volumeDriver: "ebs.csi.aws.com",
    mocks: eksMocks,
    resources: eksResources,
    purposes: {
      compute: /\.(Addon|Cluster|LaunchTemplate|NodeGroup)$/,
      data: /\.(ecr|rds|s3)\.|LogGroup$/,
      identity: /\.iam\./,
      "settings, secrets": /\.kms\./,
      network: /\.(ec2|vpc)\./,
    },
    policy: eksPolicy,
    replacements: eksReplacements,
    offlineConfiguration: {
      region: "us-east-1",
      accessKey: "none",
      secretKey: "none",
      skipCredentialsValidation: "true",
      skipRequestingAccountId: "true",
      skipMetadataApiCheck: "true",
      skipRegionValidation: "true",
    },
    facts,
    billing: eksBilling,
  },
} satisfies CloudKind;
