import { at, isObject, listAt, textAt } from "../../../../../lib/json.ts";
import { kubernetesObject, type Resource, type Violation } from "../../../../../lib/resource.ts";
import type { CloudCheck } from "../../../cloud-policy.ts";
import { isTrue, unmetDemands } from "../../../demands.ts";
import { type Statement, statementsOf } from "./statements.ts";

const encryptionDemands = unmetDemands({
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
});

/** AWS encrypts storage only if asked. */
export const encryption: CloudCheck = {
  evaluate: (resource) => [...encryptionDemands(resource), ...classProblems(resource)],
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
  return isEbs && !isTrue(at(object, "parameters.encrypted")) ? ["creates volumes that are not encrypted"] : [];
}

export const versions: CloudCheck = {
  evaluate: unmetDemands({
    "aws:rds/instance:Instance": [
      [
        ({ backupRetentionPeriod }) => Number(backupRetentionPeriod ?? 0) > 0,
        "keeps no backups (backupRetentionPeriod)",
      ],
    ],
  }),
  evaluateStack: (resources) =>
    bucketsWithout(resources, {
      part: "Versioning",
      holds: (inputs) => at(inputs, "versioningConfiguration.status") === "Enabled",
    }),
};

const blocks = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

export const privacy: CloudCheck = {
  evaluate: unmetDemands({
    "aws:rds/instance:Instance": [
      [({ publiclyAccessible }) => publiclyAccessible !== true, "has a public address (publiclyAccessible)"],
    ],
    "aws:s3/bucketAcl:BucketAcl": [
      [({ acl }) => !/^(public-|authenticated-read)/.test(String(acl)), "is readable by everyone (acl)"],
    ],
    "aws:s3/bucketPolicy:BucketPolicy": [
      [({ policy }) => !statementsOf(policy).some(isForEveryone), "allows everyone (Principal *)"],
    ],
  }),
  evaluateStack: (resources) =>
    bucketsWithout(resources, {
      part: "PublicAccessBlock",
      holds: (inputs) => blocks.every((key) => inputs[key] === true),
    }),
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
    .filter((resource) => resource.type === "aws:s3/bucket:Bucket" && !parts.some(belongs(resource)))
    .map((resource) => ({ resource, message: `has no complete Bucket${part}` }));
}

/** A refusal for everyone is fine, and so is a right that a condition binds. */
function isForEveryone({ Effect, Principal, Condition }: Statement): boolean {
  const principals = isObject(Principal) ? Object.values(Principal).flat() : [Principal];
  return Effect === "Allow" && principals.includes("*") && Condition === undefined;
}
