import type { Rule } from "./rule.ts";
import { noStaticCloudKeys } from "./rules/cloud-keys.ts";
import { costLabels } from "./rules/cost-labels.ts";
import { noPublicPlaintext } from "./rules/endpoints.ts";
import { noIamWildcards } from "./rules/iam.ts";
import { imagesFromAllowedRegistries, imagesPinned } from "./rules/images.ts";
import { dataNotDeleted } from "./rules/losses.ts";
import { coveredByNetworkPolicy } from "./rules/network.ts";
import { noDefaultPassword } from "./rules/passwords.ts";
import { requestsAndLimits, restrictedPodSecurity } from "./rules/pods.ts";
import { deletionProtected, protectedInProduction } from "./rules/protection.ts";
import { singleReplicasNamed } from "./rules/replicas.ts";
import { storageEncrypted, storageNotPublic, storageVersioned } from "./rules/storage.ts";
import { trustNamesSubjectAndAudience } from "./rules/trust.ts";
import { volumesProtected } from "./rules/volumes.ts";

/** Every rule, in the order in which results name them. */
export const rules: readonly Rule[] = [
  noStaticCloudKeys,
  noDefaultPassword,
  noPublicPlaintext,
  noIamWildcards,
  trustNamesSubjectAndAudience,
  storageNotPublic,
  storageEncrypted,
  storageVersioned,
  deletionProtected,
  protectedInProduction,
  volumesProtected,
  dataNotDeleted,
  restrictedPodSecurity,
  coveredByNetworkPolicy,
  imagesPinned,
  imagesFromAllowedRegistries,
  requestsAndLimits,
  singleReplicasNamed,
  costLabels,
];
