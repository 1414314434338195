import { authorizedNetworksRule, cloudRules } from "../../cloud-rules.ts";
import type { CloudKind } from "../../kind.ts";
import { gkePodRequests, gkeSpotMarks } from "./autopilot.ts";
import { gkeBilling } from "./billing.ts";
import { isArm } from "./machines.ts";
import facts from "./facts.json" with { type: "json" };
import { gkeMocks } from "./mocks.ts";
import { gkePolicy } from "./policy/policy.ts";
import { gkeReplacements } from "./replacements.ts";
import { gkeResources } from "./resources.ts";
import { ownRegistry } from "./registry.ts";
import { gkeRules, gkeWarnings } from "./rules.ts";
import { gke, gkeIdentity } from "./schema.ts";

/** Google Kubernetes Engine. */
export const gkeKind = {
  schema: gke,
  rules: [authorizedNetworksRule({ isOpen: false }), ...cloudRules, ...gkeRules],
  warnings: gkeWarnings,
  isLocal: false,
  defaults: { exposure: "portForward", postgres: "managed", imageRegistry: "" },
  cloud: {
    provider: "gcp",
    identity: gkeIdentity,
    isArm,
    registry: ownRegistry,
    exampleIdentity: { kind: "gke", project: "any-project", region: "europe-west4" },
    identifyingKeys: ["project", "autopilot"],
    postgresNames: ["cloudsqladmin", "cloudsqlsuperuser"],
    podRequests: gkePodRequests,
    spotMarks: gkeSpotMarks,
    // The metadata server.
    // Source: https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy#network-policy-and-workload-identity
    identityEndpoints: [
      { cidr: "169.254.169.252/32", ports: [987, 988] },
      { cidr: "169.254.169.254/32", ports: [80] },
    ],
    objectStorage: { scheme: "gs:", accountAnnotation: "iam.gke.io/gcp-service-account" },
    volumeDriver: "pd.csi.storage.gke.io",
    mocks: gkeMocks,
    resources: gkeResources,
    purposes: {
      compute: /\.(Cluster|NodePool)$/,
      data: /\.(sql|storage)\.(?!\w*IAM)|\.artifactregistry\.Repository$/,
      identity: /\.(iam|serviceaccount)\.|(IAM|Iam)Member$/,
      "settings, secrets": /\.kms\.|projects\.Service$/,
      network: /\.(compute|dns|servicenetworking)\./,
    },
    policy: gkePolicy,
    replacements: gkeReplacements,
    offlineConfiguration: { project: "project", region: "us-central1", accessToken: "none" },
    facts,
    billing: gkeBilling,
  },
} satisfies CloudKind;
