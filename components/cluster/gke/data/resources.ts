import type { CloudResource } from "../../kind.ts";

/** Resources of Google Cloud that cost money, hold data, or are keys. */
export const gkeResources: Readonly<Record<string, CloudResource>> = {
  "gcp:compute/address:Address": { tags: "labels" },
  "gcp:compute/disk:Disk": { tags: "labels" },
  "gcp:compute/globalAddress:GlobalAddress": { tags: "labels" },
  "gcp:compute/securityPolicy:SecurityPolicy": { tags: "labels" },
  "gcp:container/cluster:Cluster": {
    tags: "resourceLabels",
    guards: { deletionProtection: "not off" },
    data: "cluster",
  },
  "gcp:container/nodePool:NodePool": { tags: "nodeConfig.resourceLabels" },
  "gcp:kms/cryptoKey:CryptoKey": { tags: "labels", guards: {} },
  "gcp:serviceaccount/key:Key": { isStaticKey: true },
  "gcp:sql/databaseInstance:DatabaseInstance": {
    tags: "settings.userLabels",
    guards: { deletionProtection: "not off", "settings.deletionProtectionEnabled": "on" },
    data: "database",
    replaces: { part: "postgres", name: "Cloud SQL" },
  },
  "gcp:storage/bucket:Bucket": {
    tags: "labels",
    guards: { forceDestroy: "not on" },
    data: "bucket",
    replaces: { part: "minio", name: "Cloud Storage" },
  },
  "gcp:storage/hmacKey:HmacKey": { isStaticKey: true },
};
