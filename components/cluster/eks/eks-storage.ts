import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StorageClient } from "../../clients.ts";
import type { ObjectStorage, StorageAccess } from "../cluster.ts";
import { IrsaRole, type OidcProvider } from "./eks-irsa.ts";
import { type PolicyDocument, policyDocument } from "./eks-policies.ts";

export interface EksStorageArgs {
  /** Globally unique, at most 63 characters. */
  bucketName: pulumi.Input<string>;
  clients: StorageClient[];
  oidc: OidcProvider;
  /** Path of the roles, e.g. `/mlops/`. */
  rolePath: string;
  /** Plain environment of every client. */
  environment: Readonly<Record<string, string>>;
  /** Whether a destroy is refused; else it takes the objects with it. */
  deletionProtection: boolean;
}

/**
 * One bucket, with a prefix for each client and a role for each of its service accounts.
 *
 * Versioned: what is overwritten or deleted stays for 30 days.
 *
 * ```ts
 * const { objectStorage } = new EksStorage("storage", { bucketName: "acme-mlops", clients, oidc, rolePath: "/mlops/", environment: {}, deletionProtection: true });
 * ```
 */
export class EksStorage extends pulumi.ComponentResource {
  readonly objectStorage: ObjectStorage;

  constructor(name: string, args: EksStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:eks-storage:EksStorage", name, {}, opts);
    const { bucketName, deletionProtection } = args;
    const bucket = new aws.s3.Bucket(
      name,
      { bucket: bucketName, forceDestroy: !deletionProtection },
      { parent: this, protect: deletionProtection },
    );
    const settings = this.settings(name, bucket);
    const clients = args.clients.map((client) => ({ client, ...this.client(name, args, client, bucket) }));
    const access = Object.fromEntries(clients.map(({ client, access: own }) => [client.name, own]));
    this.objectStorage = { access, ready: [...settings, ...clients.flatMap(({ roles }) => roles)] };
    this.registerOutputs({ bucketName: bucket.bucket });
  }

  private settings(name: string, bucket: aws.s3.Bucket): pulumi.Resource[] {
    const child = { parent: this };
    const id = { bucket: bucket.id };
    const block = new aws.s3.BucketPublicAccessBlock(
      name,
      { ...id, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      child,
    );
    const policy = bucket.arn.apply((arn) => JSON.stringify(bucketPolicy(arn)));
    return [
      block,
      // S3 takes one change of a bucket's access at a time.
      new aws.s3.BucketPolicy(name, { ...id, policy }, { ...child, dependsOn: block }),
      new aws.s3.BucketOwnershipControls(name, { ...id, rule: { objectOwnership: "BucketOwnerEnforced" } }, child),
      new aws.s3.BucketVersioning(name, { ...id, versioningConfiguration: { status: "Enabled" } }, child),
      new aws.s3.BucketServerSideEncryptionConfiguration(
        name,
        { ...id, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
        child,
      ),
      new aws.s3.BucketLifecycleConfiguration(name, { ...id, rules: [cleanUp] }, child),
    ];
  }

  private client(
    name: string,
    { oidc, rolePath: path, environment }: EksStorageArgs,
    client: StorageClient,
    bucket: aws.s3.Bucket,
  ): { access: StorageAccess; roles: IrsaRole[] } {
    const policy = bucket.arn.apply((arn) => prefixPolicy(arn, client.prefix));
    const roles = client.serviceAccounts.map((account) => {
      // A project's account is named as the project; a name of IAM has at most 64 characters.
      const role = account.name === client.name ? client.name : `${client.name}.${account.name}`;
      return [
        account.name,
        new IrsaRole(`${name}-${role}`, { oidc, account, path, policy }, { parent: this }),
      ] as const;
    });
    const access = {
      uri: pulumi.interpolate`s3://${bucket.bucket}/${client.prefix}`,
      environment,
      secretEnvironment: {},
      accountAnnotations: Object.fromEntries(roles.map(([account, { annotations }]) => [account, annotations])),
    };
    return { access, roles: roles.map(([, role]) => role) };
  }
}

const cleanUp = {
  id: "clean-up",
  status: "Enabled",
  filter: { prefix: "" },
  noncurrentVersionExpiration: { noncurrentDays: 30 },
  expiration: { expiredObjectDeleteMarker: true },
  abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
};

/** Refuses everything that does not come over TLS. */
export function bucketPolicy(bucketArn: string): PolicyDocument {
  return policyDocument({
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
}

/**
 * Read and write below one prefix and nothing beside it.
 *
 * The listing's prefix has to end with a slash, since `projects/a` is a prefix of `projects/ab` too.
 */
export function prefixPolicy(bucketArn: string, prefix: string): PolicyDocument {
  return policyDocument(
    {
      Sid: "List",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: bucketArn,
      Condition: { StringLike: { "s3:prefix": `${prefix}/*` } },
    },
    {
      Sid: "ReadAndWrite",
      Effect: "Allow",
      Action: [
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
      ],
      Resource: `${bucketArn}/${prefix}/*`,
    },
  );
}
