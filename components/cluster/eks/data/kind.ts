import type { CloudKind } from "../../kind.ts";
import { eksBilling } from "./billing.ts";
import { eksMocks } from "./mocks.ts";
import { eksReplacements } from "./replacements.ts";
import { eks, eksIdentity } from "./schema.ts";

/** Amazon Elastic Kubernetes Service. */
export const eksKind = {
  schema: eks,
  isLocal: false,
  defaults: { exposure: "portForward", postgres: "managed" },
  cloud: {
    provider: "aws",
    identity: eksIdentity,
    objectStorage: { scheme: "s3:", accountAnnotation: "eks.amazonaws.com/role-arn" },
    volumeDriver: "ebs.csi.aws.com",
    mocks: eksMocks,
    replacements: eksReplacements,
    billing: eksBilling,
  },
} satisfies CloudKind;
