import assert from "node:assert/strict";
import type { Context } from "mocha";
import { at, isObject, listAt, textAt } from "../../../lib/json.ts";
import type { Recording } from "../../../lib/recording.ts";
import { fields, registration } from "../../program/registrations.ts";
import { recordEks } from "./eks-recording.ts";
import { installIamTools, runIamTool } from "./iam-tools.ts";

/** The names of a provider's inputs as the API has them: `Rules`, `SSEAlgorithm`. */
function asApi(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asApi);
  if (!isObject(value)) return value;
  const special: Record<string, string> = { id: "ID", sseAlgorithm: "SSEAlgorithm" };
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      special[key] ?? `${key.charAt(0).toUpperCase()}${key.slice(1)}`,
      asApi(item),
    ]),
  );
}

describe("moto's IAM and S3", () => {
  let recording: Recording;
  before(async function (this: Context) {
    installIamTools(this);
    recording = await recordEks();
  });
  const ofBucket = (type: string) => registration(recording.resources, `aws:s3/${type}`, "cluster-storage").inputs;
  const document = (inputs: unknown, key: string): unknown => JSON.parse(textAt(inputs, key) ?? "null");

  it("take every role and the bucket as they are, and give the same back", function (this: Context) {
    this.timeout(60_000);
    const policies = new Map(
      recording.resources
        .filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy")
        .map(({ name, inputs }) => [name, document(inputs, "policy")]),
    );
    const roles = recording.resources
      .filter(({ type }) => type === "aws:iam/role:Role")
      .map(({ name, inputs }) => ({
        name,
        path: inputs.path,
        trust: document(inputs, "assumeRolePolicy"),
        policy: policies.get(name) ?? null,
      }));
    const encryption = listAt(
      ofBucket("bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"),
      "rules",
    );
    const bucket = {
      name: at(ofBucket("bucket:Bucket"), "bucket"),
      publicAccess: asApi({ ...ofBucket("bucketPublicAccessBlock:BucketPublicAccessBlock"), bucket: undefined }),
      policy: document(ofBucket("bucketPolicy:BucketPolicy"), "policy"),
      ownership: asApi(ofBucket("bucketOwnershipControls:BucketOwnershipControls").rule),
      versioning: asApi(ofBucket("bucketVersioning:BucketVersioning").versioningConfiguration),
      // What S3 adds where a bucket has no key of KMS.
      encryption: encryption.map((rule) => ({ ...fields(asApi(rule)), BucketKeyEnabled: false })),
      lifecycle: asApi(ofBucket("bucketLifecycleConfiguration:BucketLifecycleConfiguration").rules),
    };
    const wanted: unknown = JSON.parse(JSON.stringify({ region: "eu-central-1", roles, bucket }));
    const made = fields(runIamTool("execute.py", wanted));
    assert.deepEqual(made.bucket, at(wanted, "bucket"));
    assert.equal(roles.length, 11);
    for (const { name, trust, policy } of roles) {
      const role = fields(at(made, "roles"))[name];
      assert.match(textAt(role, "arn") ?? "", new RegExp(`:role/mlops/${name}$`));
      assert.deepEqual([at(role, "trust"), at(role, "policies")], [trust, policy === null ? [] : [policy]]);
    }
  });
});
