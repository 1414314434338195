import { at, isObject, listAt, textAt } from "../../lib/json.ts";
import type { Rule, Violation } from "../rule.ts";
import { kubernetesObject, type Resource } from "../resource.ts";
import { statementsOf } from "./iam.ts";

/** What must hold in the inputs of a type. */
type Demand = [holds: (inputs: Record<string, unknown>) => boolean, problem: string];

const isTrue = (value: unknown) => value === true || value === "true";
const bucketType = "aws:s3/bucket:Bucket";

function problemsOf({ type, inputs }: Resource, demands: Record<string, Demand[]>): string[] {
  return (demands[type] ?? []).filter(([holds]) => !holds(inputs)).map(([, problem]) => problem);
}

/**
 * Storage that its cloud does not encrypt unless asked.
 *
 * Google encrypts everything at rest: https://cloud.google.com/docs/security/encryption/default-encryption
 */
const encryption: Record<string, Demand[]> = {
  "aws:ebs/volume:Volume": [[({ encrypted }) => encrypted === true, "is not encrypted (encrypted)"]],
  "aws:ec2/launchTemplate:LaunchTemplate": [
    [
      (inputs) => areEncrypted(listAt(inputs, "blockDeviceMappings")),
      "has a disk that is not encrypted (ebs.encrypted)",
    ],
  ],
  "aws:eks/cluster:Cluster": [
    [
      (inputs) => listAt(inputs, "encryptionConfig.resources").includes("secrets"),
      "does not encrypt its Secrets (encryptionConfig)",
    ],
  ],
  "aws:eks/nodeGroup:NodeGroup": [
    [({ launchTemplate }) => launchTemplate !== undefined, "has disks that no launch template encrypts"],
  ],
  "aws:rds/cluster:Cluster": [
    [({ storageEncrypted }) => storageEncrypted === true, "is not encrypted (storageEncrypted)"],
  ],
  "aws:rds/instance:Instance": [
    [({ storageEncrypted }) => storageEncrypted === true, "is not encrypted (storageEncrypted)"],
  ],
};

export const storageEncrypted: Rule = {
  id: "storage-encrypted",
  severity: "high",
  enforcement: "mandatory",
  description: "Buckets, disks, databases, volumes and a cluster's Secrets are encrypted.",
  remediation: "Enable the encryption that the message names, with a KMS key if it accepts one.",
  evaluate: (resource) => [...problemsOf(resource, encryption), ...classProblems(resource)],
  evaluateStack: (resources) =>
    bucketsWithout(resources, { part: "ServerSideEncryptionConfiguration", holds: () => true }),
};

/** A template that names no disk leaves the image's own, which is not encrypted. */
function areEncrypted(disks: readonly unknown[]): boolean {
  return disks.length > 0 && disks.every((disk) => isTrue(at(disk, "ebs.encrypted")));
}

/** EBS volumes of a class are encrypted only where the class says so. */
function classProblems(resource: Resource): string[] {
  const object = kubernetesObject(resource);
  const isEbs = object?.kind === "StorageClass" && object.provisioner === "ebs.csi.aws.com";
  return isEbs && !isTrue(at(object, "parameters.encrypted")) ? ["makes volumes that are not encrypted"] : [];
}

export const storageVersioned: Rule = {
  id: "storage-versioned",
  severity: "medium",
  enforcement: "mandatory",
  description: "Buckets keep earlier versions, and databases keep backups.",
  remediation: "Enable versioning of the bucket, or backups with point-in-time recovery of the database.",
  evaluate: (resource) => problemsOf(resource, versions),
  evaluateStack: (resources) => bucketsWithout(resources, enabledVersioning),
};

const enabledVersioning: BucketPart = {
  part: "Versioning",
  holds: (inputs) => at(inputs, "versioningConfiguration.status") === "Enabled",
};

const versions: Record<string, Demand[]> = {
  "aws:rds/instance:Instance": [
    [({ backupRetentionPeriod }) => Number(backupRetentionPeriod ?? 0) > 0, "keeps no backups (backupRetentionPeriod)"],
  ],
  "gcp:sql/databaseInstance:DatabaseInstance": [
    [
      (inputs) =>
        isTrue(at(inputs, "settings.backupConfiguration.enabled")) &&
        isTrue(at(inputs, "settings.backupConfiguration.pointInTimeRecoveryEnabled")),
      "keeps no backups with point-in-time recovery (settings.backupConfiguration)",
    ],
  ],
  "gcp:storage/bucket:Bucket": [[(inputs) => at(inputs, "versioning.enabled") === true, "has no versioning"]],
};

const privacy: Record<string, Demand[]> = {
  "aws:rds/instance:Instance": [
    [({ publiclyAccessible }) => publiclyAccessible !== true, "has a public address (publiclyAccessible)"],
  ],
  "aws:s3/bucketAcl:BucketAcl": [
    [({ acl }) => !/^(public-|authenticated-read)/.test(String(acl)), "is readable by everyone (acl)"],
  ],
  "aws:s3/bucketPolicy:BucketPolicy": [
    [({ policy }) => !statementsOf(policy).some(isForEveryone), "allows everyone (Principal *)"],
  ],
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
};

const blocks = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

const fullBlock: BucketPart = {
  part: "PublicAccessBlock",
  holds: (inputs) => blocks.every((key) => inputs[key] === true),
};

export const storageNotPublic: Rule = {
  id: "storage-not-public",
  severity: "critical",
  enforcement: "mandatory",
  description: "No bucket or database is public.",
  remediation: "Block public access to the bucket, or give the database only private addresses.",
  evaluate: (resource) => problemsOf(resource, privacy),
  evaluateStack: (resources) => bucketsWithout(resources, fullBlock),
};

/** A resource that S3 keeps a bucket's settings in. */
interface BucketPart {
  /** The type's name behind `Bucket`. */
  part: string;
  holds: (inputs: Record<string, unknown>) => boolean;
}

/** Buckets that no such resource names or depends on. */
function bucketsWithout(resources: readonly Resource[], { part, holds }: BucketPart): Violation[] {
  const parts = resources.filter(({ type, inputs }) => type.endsWith(`:Bucket${part}`) && holds(inputs));
  const belongs = (bucket: Resource) => (other: Resource) =>
    other.dependencies.includes(bucket.urn) ||
    (textAt(bucket.inputs, "bucket") !== undefined && other.inputs.bucket === bucket.inputs.bucket);
  return resources
    .filter((resource) => resource.type === bucketType && !parts.some(belongs(resource)))
    .map((resource) => ({ resource, message: `has no Bucket${part} that is complete` }));
}

/** A refusal for everyone is fine, and so is a right that a condition binds. */
function isForEveryone({ Effect, Principal, Condition }: ReturnType<typeof statementsOf>[number]): boolean {
  const principals = isObject(Principal) ? Object.values(Principal).flat() : [Principal];
  return Effect === "Allow" && principals.includes("*") && Condition === undefined;
}
