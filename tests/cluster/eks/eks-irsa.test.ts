import assert from "node:assert/strict";
import { trustPolicy } from "../../../components/cluster/eks/eks-irsa.ts";
import { awsManagedPolicy, partitionOf } from "../../../components/cluster/eks/eks-policies.ts";
import { at, listAt } from "../../../lib/json.ts";
import type { Recording } from "../../../lib/recording.ts";
import { recordEks } from "./eks-recording.ts";
import { trustProblems } from "../trust-rules.ts";

const ingress = {
  exposure: {
    kind: "ingress",
    domain: "ml.example.org",
    certificateArn: "arn:aws:acm:eu-central-1:111122223333:certificate/example",
  },
};

/** Statements of identity policies without a resource of their own, by the role and the statement; and why. */
const wildcards: Record<string, string> = {
  "cluster-autoscaler See": "Describe actions of EC2 and Auto Scaling know no resource",
  "aws-load-balancer-controller See": "Describe actions of EC2, ELB and ACM's list know no resource",
};

/** Policies that AWS keeps, by the role that has them; and why none of the program's own takes their place. */
const managed: Record<string, string> = {
  "cluster-control-plane AmazonEKSClusterPolicy": "what EKS asks of the control plane's role",
  "cluster-nodes AmazonEKSWorkerNodePolicy": "what EKS asks of a node's role",
  "cluster-nodes AmazonEC2ContainerRegistryPullOnly": "pulls images",
  "cluster-addon-roles-vpc-cni AmazonEKS_CNI_Policy": "what EKS asks for this add-on, which AWS keeps current",
  "cluster-addon-roles-aws-ebs-csi-driver AmazonEBSCSIDriverPolicy": "what EKS asks for this add-on, likewise",
};

describe("the roles of an EKS cluster", () => {
  let recording: Recording;
  before(async () => {
    recording = await recordEks({}, ingress);
  });
  const ofType = (type: string) => recording.resources.filter((resource) => resource.type === type);
  const roles = () => ofType("aws:iam/role:Role");

  it("are trusted by one service account each, by its name and the audience", () => {
    const issuer = "oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE";
    const arn = `arn:aws:iam::111122223333:oidc-provider/${issuer}`;
    assert.deepEqual(trustPolicy({ arn, issuer }, { namespace: "mlops", name: "mlflow" }), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: arn },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              [`${issuer}:sub`]: "system:serviceaccount:mlops:mlflow",
              [`${issuer}:aud`]: "sts.amazonaws.com",
            },
          },
        },
      ],
    });
    assert.equal(roles().length, 12);
    for (const { name, inputs } of roles()) {
      assert.deepEqual(trustProblems(JSON.parse(String(inputs.assumeRolePolicy))), [], name);
    }
  });

  it("share no service account", () => {
    const subjects = roles().flatMap(
      ({ inputs }) => /system:serviceaccount:[^"]+/.exec(String(inputs.assumeRolePolicy)) ?? [],
    );
    assert.equal(subjects.length, 10);
    assert.equal(new Set(subjects).size, subjects.length);
  });

  it("may do what has no resource of its own where the API knows none, and nowhere else", () => {
    const found = ofType("aws:iam/rolePolicy:RolePolicy").flatMap(({ name, inputs }) =>
      listAt(JSON.parse(String(inputs.policy)), "Statement")
        .filter((statement) => [at(statement, "Resource")].flat().includes("*"))
        .map((statement) => `${name} ${String(at(statement, "Sid"))}`),
    );
    assert.deepEqual(found.sort(), Object.keys(wildcards).sort());
  });

  it("may do no action by a pattern", () => {
    for (const { name, inputs } of ofType("aws:iam/rolePolicy:RolePolicy")) {
      const actions = listAt(JSON.parse(String(inputs.policy)), "Statement").flatMap((statement) =>
        at(statement, "Action"),
      );
      assert.deepEqual(
        actions.filter((action) => String(action).includes("*")),
        [],
        name,
      );
    }
  });

  it("have these of AWS's own policies", () => {
    const attached = ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment").map(
      ({ inputs }) => `${String(inputs.role)} ${String(inputs.policyArn).split("/").at(-1) ?? ""}`,
    );
    assert.deepEqual(attached.sort(), Object.keys(managed).sort());
  });

  it("are in the partition of their region", () => {
    assert.deepEqual(["eu-west-1", "cn-north-1", "us-gov-west-1"].map(partitionOf), ["aws", "aws-cn", "aws-us-gov"]);
    assert.equal(awsManagedPolicy("cn-north-1", "X"), "arn:aws-cn:iam::aws:policy/X");
  });
});
