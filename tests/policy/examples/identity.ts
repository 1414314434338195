import { unknown } from "../../../lib/wire.ts";
import { cloud, type Example, object } from "./example.ts";

const policyType = "aws:iam/policy:Policy";
const roleType = "aws:iam/role:Role";
const policy = (...statements: object[]) =>
  cloud(policyType, {
    policy: JSON.stringify({ Statement: statements.map((each) => ({ Effect: "Allow", ...each })) }),
  });

const issuer = "oidc.eks.eu-west-1.amazonaws.com/id/ABC";
const subject = "system:serviceaccount:mlops:airflow-worker";
const trust = (Condition: object, more: object = {}) =>
  cloud(roleType, {
    assumeRolePolicy: JSON.stringify({
      Statement: {
        Effect: "Allow",
        Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${issuer}` },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition,
        ...more,
      },
    }),
  });
const audience = { [`${issuer}:aud`]: "sts.amazonaws.com" };
const userType = "gcp:serviceaccount/iAMMember:IAMMember";
const pool = "serviceAccount:team.svc.id.goog";
const bucketMember = "gcp:storage/bucketIAMMember:BucketIAMMember";

const wildcards: Omit<Example, "rule">[] = [
  {
    title: "named actions on named resources, and actions whose API has none",
    resources: [
      policy(
        { Action: ["s3:GetObject"], Resource: "arn:aws:s3:::bucket/airflow/logs/*" },
        { Action: ["ec2:DescribeInstances", "ecr:GetAuthorizationToken"], Resource: "*" },
        { Action: "eks:DescribeNodegroup", Resource: "arn:aws:eks:eu-central-1:123456789012:nodegroup/mlops/*" },
        { Effect: "Deny", Action: "*", Resource: "*" },
      ),
      cloud("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
        policyArn: "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
      }),
      cloud(bucketMember, { role: "roles/storage.objectUser", member: `principal://pool/subject/ns/mlops/sa/airflow` }),
      object("ClusterRole", { rules: [{ apiGroups: [""], resources: ["nodes"], verbs: ["get"] }] }),
    ],
    violations: [],
  },
  {
    title: "wildcards of AWS",
    resources: [
      policy({ Action: "s3:*", Resource: "arn:aws:s3:::bucket/*" }),
      policy({ Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::*"] }),
      policy({ Action: ["s3:ListBucket", "ec2:DescribeInstances"], Resource: "*" }),
      policy({ Action: "iam:PassRole", Resource: "arn:aws:iam::123456789012:role/*" }),
      policy({ NotAction: "iam:*", NotResource: "arn:aws:s3:::bucket" }),
      cloud("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
        policyArn: "arn:aws:iam::aws:policy/AmazonS3FullAccess",
      }),
      cloud(roleType, { inlinePolicies: [{ policy: '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}' }] }),
    ],
    violations: [
      `${policyType} main allows the action s3:*`,
      `${policyType} main allows s3:GetObject on the resource arn:aws:s3:::*`,
      `${policyType} main allows s3:ListBucket, ec2:DescribeInstances on the resource *`,
      `${policyType} main allows iam:PassRole on the resource arn:aws:iam::123456789012:role/*`,
      `${policyType} main allows every action but some (NotAction)`,
      `${policyType} main allows every resource but some (NotResource)`,
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment main attaches arn:aws:iam::aws:policy/AmazonS3FullAccess",
      `${roleType} main allows the action *`,
      `${roleType} main allows * on the resource *`,
    ],
  },
  {
    title: "a basic role, everyone, a whole pool, and all verbs",
    resources: [
      cloud("gcp:projects/iAMMember:IAMMember", { role: "roles/editor", member: "serviceAccount:x@y" }),
      cloud(bucketMember, { role: "roles/storage.objectViewer", member: "allUsers" }),
      cloud(bucketMember, { role: "roles/storage.objectUser", member: "principalSet://iam.googleapis.com/pool/*" }),
      object("ClusterRole", { rules: [{ resources: ["*"], verbs: ["*"] }] }),
    ],
    violations: [
      "gcp:projects/iAMMember:IAMMember main grants roles/editor",
      `${bucketMember} main grants roles/storage.objectViewer to allUsers`,
      `${bucketMember} main grants roles/storage.objectUser to the whole pool principalSet://iam.googleapis.com/pool/*`,
      "mlops/ClusterRole/main allows all verbs",
      "mlops/ClusterRole/main allows all resources",
    ],
  },
];

const trusts: Omit<Example, "rule">[] = [
  {
    title: "subject and audience, a service of AWS, and what only a deployment knows",
    resources: [
      trust({ StringEquals: { ...audience, [`${issuer}:sub`]: subject } }),
      trust({ StringEquals: { ...audience, [`${issuer}:sub`]: [subject, `${subject}-2`] } }),
      trust({}, { Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }),
      cloud(roleType, { assumeRolePolicy: unknown }),
      cloud(userType, { role: "roles/iam.workloadIdentityUser", member: `${pool}[mlops/airflow-worker]` }),
      cloud("gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider", {
        attributeCondition: "assertion.repository == 'team/repository'",
        oidc: { allowedAudiences: ["https://example.org"] },
      }),
    ],
    violations: [],
  },
  {
    title: "no subject, no audience, wildcards, and everyone",
    resources: [
      trust({ StringEquals: audience }),
      trust({ StringEquals: { [`${issuer}:sub`]: subject } }),
      trust({ StringLike: { ...audience, [`${issuer}:sub`]: "system:serviceaccount:mlops:*" } }),
      trust({ StringNotEquals: { ...audience, [`${issuer}:sub`]: subject } }),
      trust({}, { Principal: { AWS: "*" } }),
    ],
    violations: [
      `${roleType} main names no subject (no condition on :sub)`,
      `${roleType} main names no audience (no condition on :aud)`,
      `${roleType} main names the subject system:serviceaccount:mlops:*, which is more than one`,
      `${roleType} main names no subject (no condition on :sub)`,
      `${roleType} main names no audience (no condition on :aud)`,
      `${roleType} main lets everyone assume the role`,
    ],
  },
  {
    title: "pools of Google without a condition, and a member that is more than one account",
    resources: [
      cloud("gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider", { oidc: {} }),
      cloud(userType, { role: "roles/iam.workloadIdentityUser", member: "principalSet://pool/attribute.x/*" }),
    ],
    violations: [
      "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider main names no subject (no attributeCondition)",
      "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider main names no audience (no allowedAudiences)",
      `${userType} main lets principalSet://pool/attribute.x/* impersonate the account, which is more than one subject`,
    ],
  },
];

/** Rules about who may do what. */
export const identity: Example[] = [
  ...wildcards.map((example) => ({ rule: "no-iam-wildcards", ...example })),
  ...trusts.map((example) => ({ rule: "trust-names-subject-and-audience", ...example })),
];
