import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceAccountRef, StorageClient } from "../../clients.ts";
import type { ObjectStorage, StorageAccess } from "../cluster.ts";
import { accountId, objectsBelow, workloadMember } from "./gke-identity.ts";

export interface GkeStorageArgs {
  /** Beginning of the names of the bucket and the accounts; one of its kind in the project. */
  prefix: string;
  project: string;
  region: string;
  clients: StorageClient[];
  /** Workload Identity pool of the cluster; it exists when the first cluster of the project has one. */
  workloadPool: pulumi.Input<string>;
  deletionProtection: boolean;
}

/** Days for which an object that was overwritten or deleted can be brought back. */
const noncurrentDays = 30;
/** Days after which parts of an upload that never ended go. */
const unfinishedDays = 7;

/**
 * One bucket for the whole platform, a prefix for each client and an identity for each of its service accounts.
 *
 * The bucket's name is `<project>-<prefix>-data`: bucket names are unique in the world, and project ids are too.
 *
 * ```ts
 * const storage = new GkeStorage("mlops", { prefix: "mlops", project, region, clients, workloadPool, deletionProtection });
 * ```
 */
export class GkeStorage extends pulumi.ComponentResource implements ObjectStorage {
  readonly access: Record<string, StorageAccess>;
  readonly ready: pulumi.Resource[] = [];

  constructor(name: string, args: GkeStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:gke-storage:GkeStorage", name, {}, opts);
    const bucket = this.makeBucket(name, args);
    this.ready.push(bucket);
    this.access = Object.fromEntries(
      args.clients.map((client) => {
        const annotations = client.serviceAccounts.map(
          (account) => [account.name, this.makeIdentity(account, client, bucket, args)] as const,
        );
        const uri = pulumi.interpolate`gs://${bucket.name}/${client.prefix}`;
        const accountAnnotations = Object.fromEntries(annotations);
        return [client.name, { uri, environment: {}, secretEnvironment: {}, accountAnnotations }] as const;
      }),
    );
    this.registerOutputs({ access: this.access });
  }

  private makeBucket(
    name: string,
    { prefix, project, region, deletionProtection }: GkeStorageArgs,
  ): gcp.storage.Bucket {
    return new gcp.storage.Bucket(
      name,
      {
        name: `${project}-${prefix}-data`,
        project,
        location: region.toUpperCase(),
        uniformBucketLevelAccess: true,
        publicAccessPrevention: "enforced",
        versioning: { enabled: true },
        lifecycleRules: [
          { action: { type: "Delete" }, condition: { daysSinceNoncurrentTime: noncurrentDays, withState: "ARCHIVED" } },
          { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: unfinishedDays } },
        ],
        forceDestroy: !deletionProtection,
      },
      { parent: this, protect: deletionProtection },
    );
  }

  /** @returns what ties the Kubernetes service account to its Google service account */
  private makeIdentity(
    ref: ServiceAccountRef,
    client: StorageClient,
    bucket: gcp.storage.Bucket,
    { prefix, project, workloadPool }: GkeStorageArgs,
  ): Record<string, pulumi.Input<string>> {
    const child = { parent: this };
    const name = `${ref.namespace}-${ref.name}`;
    const account = new gcp.serviceaccount.Account(
      name,
      {
        accountId: accountId(prefix, ref),
        project,
        displayName: `${prefix}: ${ref.namespace}/${ref.name}`.slice(0, 100),
        description: `Identity of the Kubernetes service account ${ref.name} in the namespace ${ref.namespace}`,
      },
      child,
    );
    const user = new gcp.serviceaccount.IAMMember(
      name,
      {
        serviceAccountId: account.name,
        role: "roles/iam.workloadIdentityUser",
        member: pulumi.output(workloadPool).apply((pool) => workloadMember(pool, ref)),
      },
      child,
    );
    const grant = new gcp.storage.BucketIAMMember(
      name,
      {
        bucket: bucket.name,
        role: "roles/storage.objectUser",
        member: pulumi.interpolate`serviceAccount:${account.email}`,
        condition: {
          title: client.name,
          description: `Objects below ${client.prefix}/`,
          expression: bucket.name.apply((its) => objectsBelow(its, client.prefix)),
        },
      },
      child,
    );
    this.ready.push(user, grant);
    return { "iam.gke.io/gcp-service-account": account.email };
  }
}
