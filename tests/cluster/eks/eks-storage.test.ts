import assert from "node:assert/strict";
import { bucketPolicy, prefixPolicy } from "../../../components/cluster/eks/eks-storage.ts";
import type { Recording } from "../../../lib/recording.ts";
import { fields, registration } from "../../program/registrations.ts";
import { recordEks } from "./eks-recording.ts";
import { at } from "../../../lib/json.ts";

const bucket = "mlops-111122223333-eu-central-1";
const arn = `arn:aws:s3:::${bucket}`;

describe("the bucket of an EKS cluster", () => {
  let recorded: Recording;
  before(async () => {
    recorded = await recordEks();
  });
  const settings = (type: string) => {
    const { bucket: name, ...rest } = registration(recorded.resources, `aws:s3/${type}`, "cluster-storage").inputs;
    return { name, rest };
  };

  it("is named after the cluster, the account and the region, and protected", () => {
    const { inputs, protect } = registration(recorded.resources, "aws:s3/bucket:Bucket", "cluster-storage");
    assert.deepEqual(inputs, { bucket, forceDestroy: false });
    assert.equal(protect, true);
  });

  it("is private, versioned and encrypted, and cleans up", () => {
    const exact: Record<string, object> = {
      "bucketPublicAccessBlock:BucketPublicAccessBlock": {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      "bucketOwnershipControls:BucketOwnershipControls": { rule: { objectOwnership: "BucketOwnerEnforced" } },
      "bucketVersioning:BucketVersioning": { versioningConfiguration: { status: "Enabled" } },
      "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
      },
      "bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
        rules: [
          {
            id: "clean-up",
            status: "Enabled",
            filter: { prefix: "" },
            noncurrentVersionExpiration: { noncurrentDays: 30 },
            expiration: { expiredObjectDeleteMarker: true },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      "bucketPolicy:BucketPolicy": { policy: JSON.stringify(bucketPolicy(arn)) },
    };
    for (const [type, rest] of Object.entries(exact)) assert.deepEqual(settings(type), { name: bucket, rest }, type);
  });

  it("refuses what does not come over TLS", () => {
    assert.deepEqual(bucketPolicy(arn).Statement, [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  it("gives a client its own prefix and nothing beside it", () => {
    assert.deepEqual(prefixPolicy(arn, "projects/a").Statement, [
      {
        Sid: "List",
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: arn,
        Condition: { StringLike: { "s3:prefix": "projects/a/*" } },
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
        Resource: `${arn}/projects/a/*`,
      },
    ]);
  });

  it("has a role for each service account, with its client's policy and the account's name in its trust", () => {
    const accounts: Record<string, [account: string, prefix: string]> = {
      "cluster-storage-airflow.airflow-worker": ["mlops:airflow-worker", "airflow/logs"],
      "cluster-storage-airflow.airflow-api-server": ["mlops:airflow-api-server", "airflow/logs"],
      "cluster-storage-airflow.airflow-triggerer": ["mlops:airflow-triggerer", "airflow/logs"],
      "cluster-storage-backup": ["mlops:backup", "backups"],
      "cluster-storage-mlflow": ["mlops:mlflow", "mlflow/artifacts"],
      "cluster-storage-pageviews": ["pageviews:pageviews", "projects/pageviews"],
    };
    const made = recorded.resources.filter(
      ({ type, name }) => type === "aws:iam/role:Role" && name.includes("storage"),
    );
    assert.deepEqual(made.map(({ name }) => name).sort(), Object.keys(accounts).sort());
    for (const [name, [account, prefix]] of Object.entries(accounts)) {
      const role = registration(recorded.resources, "aws:iam/role:Role", name).inputs;
      assert.equal(role.path, "/mlops/");
      const condition = at(JSON.parse(String(role.assumeRolePolicy)), "Statement.0.Condition.StringEquals");
      assert.ok(Object.values(fields(condition)).includes(`system:serviceaccount:${account}`), name);
      const { policy } = registration(recorded.resources, "aws:iam/rolePolicy:RolePolicy", name).inputs;
      assert.equal(policy, JSON.stringify(prefixPolicy(arn, prefix)));
    }
  });

  it("tells the accounts of their roles, and the clients of their prefix and region", () => {
    const arnOf = (role: string) => `arn:aws:iam::111122223333:role/mlops/cluster-storage-${role}`;
    const annotation = (role: string) => ({ "eks.amazonaws.com/role-arn": arnOf(role) });
    const common = { environment: { AWS_REGION: "eu-central-1" }, secretEnvironment: {} };
    const access = fields(recorded.outputs.access);
    assert.deepEqual(Object.keys(access), ["airflow", "backup", "mlflow", "pageviews"]);
    assert.deepEqual(access.pageviews, {
      ...common,
      uri: `s3://${bucket}/projects/pageviews`,
      accountAnnotations: { pageviews: annotation("pageviews") },
    });
    assert.deepEqual(at(access.airflow, "accountAnnotations.airflow-worker"), annotation("airflow.airflow-worker"));
  });

  it("goes with its objects where nothing is protected", async () => {
    const { resources } = await recordEks({ deletionProtection: false });
    const { inputs, protect } = registration(resources, "aws:s3/bucket:Bucket", "cluster-storage");
    assert.deepEqual([inputs.forceDestroy, protect], [true, false]);
  });
});
