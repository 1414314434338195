import { cloudRules } from "../../cloud-rules.ts";
import type { CloudKind } from "../../kind.ts";
import { eksBilling } from "./billing.ts";
import { eksMocks } from "./mocks.ts";
import { eksPolicy } from "./policy/policy.ts";
import { eksReplacements } from "./replacements.ts";
import { eksResources } from "./resources.ts";
import { eksIdentityRules, eksRules } from "./rules.ts";
import { eks, eksIdentity } from "./schema.ts";

/** Amazon Elastic Kubernetes Service. */
export const eksKind = {
  schema: eks,
  rules: [...cloudRules, ...eksRules],
  isLocal: false,
  defaults: { exposure: "portForward", postgres: "managed" },
  cloud: {
    provider: "aws",
    identity: eksIdentity,
    takesCertificateArn: true,
    identityRules: eksIdentityRules,
    objectStorage: { scheme: "s3:", accountAnnotation: "eks.amazonaws.com/role-arn" },
    volumeDriver: "ebs.csi.aws.com",
    mocks: eksMocks,
    resources: eksResources,
    policy: eksPolicy,
    replacements: eksReplacements,
    billing: eksBilling,
  },
} satisfies CloudKind;
