import { at } from "../../../../../lib/json.ts";
import { isTrue, unmetDemands } from "../../../demands.ts";

export const versions = unmetDemands({
  "gcp:sql/databaseInstance:DatabaseInstance": [
    [
      (inputs) =>
        isTrue(at(inputs, "settings.backupConfiguration.enabled")) &&
        isTrue(at(inputs, "settings.backupConfiguration.pointInTimeRecoveryEnabled")),
      "keeps no backups with point-in-time recovery (settings.backupConfiguration)",
    ],
  ],
  "gcp:storage/bucket:Bucket": [[(inputs) => at(inputs, "versioning.enabled") === true, "has no versioning"]],
});

export const privacy = unmetDemands({
  "gcp:sql/databaseInstance:DatabaseInstance": [
    [
      (inputs) => at(inputs, "settings.ipConfiguration.ipv4Enabled") === false,
      "has a public address (settings.ipConfiguration.ipv4Enabled)",
    ],
  ],
  "gcp:storage/bucket:Bucket": [
    [
      ({ publicAccessPrevention }) => publicAccessPrevention === "enforced",
      "may become public (publicAccessPrevention)",
    ],
    [
      ({ uniformBucketLevelAccess }) => uniformBucketLevelAccess === true,
      "has access lists of objects (uniformBucketLevelAccess)",
    ],
  ],
});
