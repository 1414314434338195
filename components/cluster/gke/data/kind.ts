import { cloudRules } from "../../cloud-rules.ts";
import type { CloudKind } from "../../kind.ts";
import { gkeBilling } from "./billing.ts";
import { gkeMocks } from "./mocks.ts";
import { gkePolicy } from "./policy/policy.ts";
import { gkeReplacements } from "./replacements.ts";
import { gkeResources } from "./resources.ts";
import { gkeRules } from "./rules.ts";
import { gke, gkeIdentity } from "./schema.ts";

/** Google Kubernetes Engine. */
export const gkeKind = {
  schema: gke,
  rules: [...cloudRules, ...gkeRules],
  isLocal: false,
  defaults: { exposure: "portForward", postgres: "managed" },
  cloud: {
    provider: "gcp",
    identity: gkeIdentity,
    objectStorage: { scheme: "gs:", accountAnnotation: "iam.gke.io/gcp-service-account" },
    volumeDriver: "pd.csi.storage.gke.io",
    mocks: gkeMocks,
    resources: gkeResources,
    policy: gkePolicy,
    replacements: gkeReplacements,
    billing: gkeBilling,
  },
} satisfies CloudKind;
