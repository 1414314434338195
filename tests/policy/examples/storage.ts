import { cloud, type Example, object } from "./example.ts";

const bucketType = "aws:s3/bucket:Bucket";
const bucket = cloud(bucketType, { bucket: "data" });
const part = (name: string, inputs: object, dependencies = [bucket.urn]) =>
  cloud(`aws:s3/bucket${name}:Bucket${name}`, { bucket: "[known after up]", ...inputs }, { dependencies });
const blocked = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};
const googleBucket = "gcp:storage/bucket:Bucket";
const sql = "gcp:sql/databaseInstance:DatabaseInstance";
const rds = "aws:rds/instance:Instance";
const template = "aws:ec2/launchTemplate:LaunchTemplate";
const disk = (encrypted: string) => ({ blockDeviceMappings: [{ ebs: { encrypted } }] });
const ebsClass = (parameters: object) => object("StorageClass", { provisioner: "ebs.csi.aws.com", parameters });

/** Rules about where data is kept. */
export const storage: Example[] = [
  {
    rule: "storage-encrypted",
    title: "everything is encrypted",
    resources: [
      bucket,
      part("ServerSideEncryptionConfiguration", {}),
      cloud(template, disk("true")),
      cloud("aws:eks/cluster:Cluster", { encryptionConfig: { resources: ["secrets"] } }),
      cloud("aws:eks/nodeGroup:NodeGroup", { launchTemplate: { id: "x" } }),
      cloud(rds, { storageEncrypted: true }),
      ebsClass({ type: "gp3", encrypted: "true" }),
    ],
    violations: [],
  },
  {
    rule: "storage-encrypted",
    title: "nothing is encrypted",
    resources: [
      cloud(template, disk("false")),
      cloud(template, {}),
      cloud("aws:ebs/volume:Volume", {}),
      cloud("aws:eks/cluster:Cluster", {}),
      cloud("aws:eks/nodeGroup:NodeGroup", {}),
      cloud(rds, {}),
      ebsClass({ type: "gp3" }),
      bucket,
      part("ServerSideEncryptionConfiguration", {}, ["urn:of:another"]),
    ],
    violations: [
      `${template} main has a disk that is not encrypted (ebs.encrypted)`,
      `${template} main has a disk that is not encrypted (ebs.encrypted)`,
      "aws:ebs/volume:Volume main is not encrypted (encrypted)",
      "aws:eks/cluster:Cluster main does not encrypt its Secrets (encryptionConfig)",
      "aws:eks/nodeGroup:NodeGroup main has disks that no launch template encrypts",
      `${rds} main is not encrypted (storageEncrypted)`,
      "mlops/StorageClass/main creates volumes that are not encrypted",
      `${bucketType} main has no complete BucketServerSideEncryptionConfiguration`,
    ],
  },
  {
    rule: "storage-versioned",
    title: "versions and backups are kept",
    resources: [
      bucket,
      part("Versioning", { versioningConfiguration: { status: "Enabled" } }),
      cloud(googleBucket, { versioning: { enabled: true } }),
      cloud(rds, { backupRetentionPeriod: 7 }),
      cloud(sql, { settings: { backupConfiguration: { enabled: true, pointInTimeRecoveryEnabled: true } } }),
    ],
    violations: [],
  },
  {
    rule: "storage-versioned",
    title: "neither versions nor backups are kept",
    resources: [
      cloud(googleBucket, {}),
      cloud(rds, { backupRetentionPeriod: 0 }),
      cloud(sql, { settings: { backupConfiguration: { enabled: true } } }),
      bucket,
      part("Versioning", { versioningConfiguration: { status: "Suspended" } }),
    ],
    violations: [
      `${googleBucket} main has no versioning`,
      `${rds} main keeps no backups (backupRetentionPeriod)`,
      `${sql} main keeps no backups with point-in-time recovery (settings.backupConfiguration)`,
      `${bucketType} main has no complete BucketVersioning`,
    ],
  },
  {
    rule: "storage-not-public",
    title: "all is private",
    resources: [
      bucket,
      part("PublicAccessBlock", blocked),
      part("Policy", {
        policy: '{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*"}]}',
      }),
      cloud(googleBucket, { publicAccessPrevention: "enforced", uniformBucketLevelAccess: true }),
      cloud(rds, { publiclyAccessible: false }),
      cloud(sql, { settings: { ipConfiguration: { ipv4Enabled: false } } }),
    ],
    violations: [],
  },
  {
    rule: "storage-not-public",
    title: "everyone may reach it",
    resources: [
      part("Acl", { acl: "public-read" }),
      part("Policy", { policy: '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"s3:GetObject"}]}' }),
      cloud(googleBucket, {}),
      cloud(rds, { publiclyAccessible: true }),
      cloud(sql, { settings: {} }),
      bucket,
      part("PublicAccessBlock", { ...blocked, blockPublicPolicy: false }),
    ],
    violations: [
      "aws:s3/bucketAcl:BucketAcl main is readable by everyone (acl)",
      "aws:s3/bucketPolicy:BucketPolicy main allows everyone (Principal *)",
      `${googleBucket} main may become public (publicAccessPrevention)`,
      `${googleBucket} main has access lists of objects (uniformBucketLevelAccess)`,
      `${rds} main has a public address (publiclyAccessible)`,
      `${sql} main has a public address (settings.ipConfiguration.ipv4Enabled)`,
      `${bucketType} main has no complete BucketPublicAccessBlock`,
    ],
  },
];
