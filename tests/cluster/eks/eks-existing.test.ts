import assert from "node:assert/strict";
import { clientsByStore } from "../../../components/clients.ts";
import { createCluster } from "../../../components/cluster/create.ts";
import { prefixPolicy } from "../../../components/cluster/eks/eks-storage.ts";
import { trustPolicy } from "../../../components/cluster/eks/eks-irsa.ts";
import { validate } from "../../../config.ts";
import { record } from "../../../preview/recorder/recorder.ts";
import type { Recording } from "../../../lib/recording.ts";
import { registration } from "../../program/registrations.ts";
import { at } from "../../../lib/json.ts";

const issuer = "oidc.eks.eu-west-1.amazonaws.com/id/TEAM";
const oidcProviderArn = `arn:aws:iam::444455556666:oidc-provider/${issuer}`;

describe("an existing EKS cluster", () => {
  let recording: Recording;
  before(async () => {
    const config = validate({
      imageRegistry: "registry.example.org/mlops",
      cluster: { kind: "existing", context: "team", identity: { kind: "eks", region: "eu-west-1", oidcProviderArn } },
      projects: [{ name: "pageviews" }],
    });
    recording = await record(() => {
      const { capabilities, objectStorage } = createCluster(config, clientsByStore(config).cloud);
      return { environment: capabilities.storageEnvironment, access: objectStorage?.access };
    });
  });

  it("gets a bucket and roles, and nothing of a cluster", () => {
    const made = new Set(recording.resources.map(({ type }) => type).filter((type) => type.startsWith("aws:")));
    assert.deepEqual(
      [...made].filter((type) => !/^aws:(s3|iam)\//.test(type)),
      [],
    );
    const bucket = registration(recording.resources, "aws:s3/bucket:Bucket", "cluster-storage");
    assert.deepEqual(bucket.inputs, { bucket: "mlops-444455556666-eu-west-1", forceDestroy: false });
    assert.equal(bucket.protect, true);
    assert.equal(registration(recording.resources, "pulumi:providers:aws", "cluster").inputs.region, "eu-west-1");
  });

  it("lets a project's account take its role by the issuer that the provider's ARN names", () => {
    const role = registration(recording.resources, "aws:iam/role:Role", "cluster-storage-pageviews").inputs;
    const trust = trustPolicy({ arn: oidcProviderArn, issuer }, { namespace: "pageviews", name: "pageviews" });
    assert.equal(role.assumeRolePolicy, JSON.stringify(trust));
    const { policy } = registration(
      recording.resources,
      "aws:iam/rolePolicy:RolePolicy",
      "cluster-storage-pageviews",
    ).inputs;
    assert.equal(
      policy,
      JSON.stringify(prefixPolicy("arn:aws:s3:::mlops-444455556666-eu-west-1", "projects/pageviews")),
    );
  });

  it("tells its clients the region", () => {
    assert.deepEqual(recording.outputs.environment, { AWS_REGION: "eu-west-1" });
    assert.equal(at(recording.outputs.access, "mlflow.uri"), "s3://mlops-444455556666-eu-west-1/mlflow/artifacts");
  });
});
