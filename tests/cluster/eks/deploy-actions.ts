import { all, type Calls, ec2, here, on } from "./calls.ts";
import { networkCallsOf } from "./network-calls.ts";

const eks = (resource: string) => on("eks", here("eks", resource));
const s3 = on("s3", "arn:aws:s3:::mlops-111122223333-us-east-1");
const role = here("iam", "role/mlops/x").replace("us-east-1", "");
const iam = on("iam", role);
const rds = (resource: string) => on("rds", here("rds", resource));
const ecr = on("ecr", here("ecr", "repository/mlops/mlflow"));
const key = here("kms", "key/x");
const newTag = { "aws:RequestTag/part-of": "mlops" };
const passRole = (service: string) => on("iam", role, { "iam:PassedToService": service })("PassRole");
const repository = ["BatchCheckLayerAvailability", "BatchGetImage", "CompleteLayerUpload", "InitiateLayerUpload"];
const managedPolicies = [
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonEKSClusterPolicy",
  "AmazonEKSWorkerNodePolicy",
  "AmazonEKS_CNI_Policy",
  "service-role/AmazonEBSCSIDriverPolicy",
];

const bucketReads = ["ListBucket", "GetBucketAcl", "GetBucketCORS", "GetBucketLogging", "GetBucketPolicy"];
const moreBucketReads = ["GetBucketTagging", "GetBucketVersioning", "GetBucketWebsite", "GetAccelerateConfiguration"];
const otherBucketReads = ["GetBucketObjectLockConfiguration", "GetBucketRequestPayment", "GetReplicationConfiguration"];

/**
 * What the provider asks of AWS to create, read, change and delete a resource of each type that the program registers.
 *
 * The calls are those of hashicorp/terraform-provider-aws 6.47, in `internal/service/<service>/<resource>.go`; the
 * resources and the keys of conditions of an action are those of the Service Authorization Reference.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const callsOf: Readonly<Record<string, Calls>> = {
  ...networkCallsOf,
  "aws:cloudwatch/logGroup:LogGroup": [
    ...on("logs", here("logs", "log-group:/aws/eks/mlops/cluster"))("CreateLogGroup", "DeleteLogGroup"),
    ...on("logs", here("logs", "log-group:/aws/eks/mlops/cluster"))("ListTagsForResource", "PutRetentionPolicy"),
    ...on("logs", here("logs", "log-group:/aws/eks/mlops/cluster"))("TagResource", "UntagResource"),
    ...all("logs")("DescribeLogGroups"),
  ],
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": ecr("DeleteLifecyclePolicy", "GetLifecyclePolicy", "PutLifecyclePolicy"),
  "aws:ecr/repository:Repository": [
    ...ecr("CreateRepository", "DeleteRepository", "DescribeRepositories", "ListTagsForResource", "TagResource"),
    ...ecr("PutImageScanningConfiguration", "PutImageTagMutability", "UntagResource"),
    // The program and `make images` push: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
    ...ecr(...repository, "PutImage", "UploadLayerPart", "BatchDeleteImage"),
    ...all("ecr")("GetAuthorizationToken"),
  ],
  "aws:eks/accessEntry:AccessEntry": [
    ...eks("cluster/mlops")("CreateAccessEntry"),
    ...eks("access-entry/mlops/role/111122223333/x/y")("DeleteAccessEntry", "DescribeAccessEntry", "TagResource"),
  ],
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": [
    ...eks("access-entry/mlops/role/111122223333/x/y")("AssociateAccessPolicy", "DisassociateAccessPolicy"),
    ...eks("access-entry/mlops/role/111122223333/x/y")("ListAssociatedAccessPolicies"),
  ],
  "aws:eks/addon:Addon": [
    ...eks("cluster/mlops")("CreateAddon"),
    ...eks("addon/mlops/coredns/x")("DeleteAddon", "DescribeAddon", "DescribeUpdate", "TagResource", "UpdateAddon"),
    ...all("eks")("DescribeAddonVersions"),
    ...passRole("eks.amazonaws.com"),
  ],
  "aws:eks/cluster:Cluster": [
    ...all("eks")("CreateCluster"),
    ...eks("cluster/mlops")("DeleteCluster", "DescribeCluster", "DescribeUpdate", "TagResource", "UntagResource"),
    ...eks("cluster/mlops")("UpdateClusterConfig", "UpdateClusterVersion"),
    ...passRole("eks.amazonaws.com"),
    ...on("kms", key, { "aws:ResourceTag/part-of": "mlops" })("CreateGrant", "DescribeKey"),
  ],
  "aws:eks/nodeGroup:NodeGroup": [
    ...eks("cluster/mlops")("CreateNodegroup"),
    ...eks("nodegroup/mlops/x/y")("DeleteNodegroup", "DescribeNodegroup", "DescribeUpdate", "TagResource"),
    ...eks("nodegroup/mlops/x/y")("UpdateNodegroupConfig", "UpdateNodegroupVersion"),
    ...passRole("ec2.amazonaws.com"),
    // EKS tries the launch template as its caller: https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html
    ...["instance", "launch-template", "network-interface", "security-group", "subnet", "volume"].flatMap((kind) =>
      ec2(kind)("RunInstances"),
    ),
    ...on("ec2", "arn:aws:ec2:us-east-1::image/x")("RunInstances"),
    ...["instance", "volume"].flatMap((kind) =>
      on("ec2", here("ec2", `${kind}/x`), { "ec2:CreateAction": "RunInstances" })("CreateTags"),
    ),
    ...on("ssm", here("ssm", "parameter/aws/service/eks/x"))("GetParameter"),
  ],
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": on(
    "iam",
    "arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/X",
  )(
    "CreateOpenIDConnectProvider",
    "DeleteOpenIDConnectProvider",
    "GetOpenIDConnectProvider",
    "TagOpenIDConnectProvider",
    "UntagOpenIDConnectProvider",
  ),
  "aws:iam/role:Role": [
    ...iam("CreateRole", "DeleteRole", "GetRole", "TagRole", "UntagRole", "UpdateAssumeRolePolicy"),
    ...iam("ListAttachedRolePolicies", "ListInstanceProfilesForRole", "ListRolePolicies"),
  ],
  "aws:iam/rolePolicy:RolePolicy": iam("DeleteRolePolicy", "GetRolePolicy", "PutRolePolicy"),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": [
    ...managedPolicies.flatMap((policy) =>
      on("iam", role, { "iam:PolicyARN": `arn:aws:iam::aws:policy/${policy}` })("AttachRolePolicy", "DetachRolePolicy"),
    ),
    ...iam("ListAttachedRolePolicies"),
  ],
  "aws:kms/key:Key": [
    ...on("kms", "*", newTag)("CreateKey"),
    // A key has no tag yet when CreateKey gives it one: https://docs.aws.amazon.com/kms/latest/developerguide/tag-permissions.html
    ...on("kms", key, newTag)("TagResource"),
    ...on("kms", key, { "aws:ResourceTag/part-of": "mlops" })(
      ...["DescribeKey", "EnableKeyRotation", "GetKeyPolicy", "GetKeyRotationStatus", "ListResourceTags"],
      ...["PutKeyPolicy", "ScheduleKeyDeletion", "TagResource", "UntagResource", "UpdateKeyDescription"],
    ),
  ],
  "aws:rds/instance:Instance": [
    ...[
      "db:cluster-postgres0a",
      "og:default:postgres-18",
      "pg:cluster-postgres0a",
      "subgrp:cluster-postgres0a",
    ].flatMap((resource) => rds(resource)("CreateDBInstance", "ModifyDBInstance")),
    ...rds("db:cluster-postgres0a")("AddTagsToResource", "DeleteDBInstance", "ListTagsForResource"),
    ...rds("db:cluster-postgres0a")("RemoveTagsFromResource", "CreateDBSnapshot"),
    ...rds("snapshot:cluster-postgres-final-0a")("CreateDBSnapshot"),
    // The provider asks by the resource ID.
    ...rds("db:*")("DescribeDBInstances"),
    // RDS looks at the VPC as its caller: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonRDSFullAccess.html
    ...all("ec2")("DescribeAccountAttributes", "DescribeAvailabilityZones", "DescribeSubnets", "DescribeVpcs"),
  ],
  "aws:rds/parameterGroup:ParameterGroup": rds("pg:cluster-postgres0a")(
    ...["AddTagsToResource", "CreateDBParameterGroup", "DeleteDBParameterGroup", "DescribeDBParameterGroups"],
    ...["DescribeDBParameters", "ListTagsForResource", "ModifyDBParameterGroup", "ResetDBParameterGroup"],
  ),
  "aws:rds/subnetGroup:SubnetGroup": rds("subgrp:cluster-postgres0a")(
    ...["AddTagsToResource", "CreateDBSubnetGroup", "DeleteDBSubnetGroup", "DescribeDBSubnetGroups"],
    ...["ListTagsForResource", "ModifyDBSubnetGroup"],
  ),
  "aws:s3/bucket:Bucket": [
    ...s3("CreateBucket", "DeleteBucket", "PutBucketTagging", "ListBucketVersions"),
    ...s3(...bucketReads, ...moreBucketReads, ...otherBucketReads, "GetEncryptionConfiguration"),
    ...s3("GetLifecycleConfiguration", "ListTagsForResource", "TagResource", "UntagResource"),
    ...on("s3", "arn:aws:s3:::mlops-111122223333-us-east-1/x")("DeleteObject", "DeleteObjectVersion"),
  ],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": s3(
    "GetLifecycleConfiguration",
    "PutLifecycleConfiguration",
  ),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": s3(
    "GetBucketOwnershipControls",
    "PutBucketOwnershipControls",
  ),
  "aws:s3/bucketPolicy:BucketPolicy": s3("DeleteBucketPolicy", "GetBucketPolicy", "PutBucketPolicy"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": s3(
    "GetBucketPublicAccessBlock",
    "PutBucketPublicAccessBlock",
  ),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": s3(
    "GetEncryptionConfiguration",
    "PutEncryptionConfiguration",
  ),
  "aws:s3/bucketVersioning:BucketVersioning": s3("GetBucketVersioning", "PutBucketVersioning"),
};

const stateObject = "arn:aws:s3:::your-state-bucket/.pulumi/stacks/mlops/eks.json";

/** What docs/eks.md prescribes beside the program: the state, its secrets, the commands of a teardown. */
export const callsOfDocs: Calls = [
  ...on("s3", "arn:aws:s3:::your-state-bucket")("ListBucket"),
  ...on("s3", stateObject)("DeleteObject", "GetObject", "PutObject"),
  ...on("kms", here("kms", "key/your-key-id"))("Decrypt", "Encrypt"),
  ...all("ec2")("DescribeAvailabilityZones", "DescribeNetworkInterfaces", "DescribeVolumes"),
  ...all("sts")("GetCallerIdentity"),
  // Reads of some releases of the provider.
  ...all("ec2")("DescribeManagedPrefixLists", "DescribeTags"),
  ...on("iam", "arn:aws:iam::111122223333:role/aws-service-role/x", {
    "iam:AWSServiceName": "eks-nodegroup.amazonaws.com",
  })("CreateServiceLinkedRole"),
];

const itself = on("iam", here("iam", "role/your-deploying-role").replace("us-east-1", ""));

/** What `make preflight` asks by AWS's CLI, by the command. */
export const callsOfPreflight: Readonly<Record<string, Calls>> = {
  "ec2 describe-addresses": all("ec2")("DescribeAddresses"),
  "ec2 describe-availability-zones": all("ec2")("DescribeAvailabilityZones"),
  "ec2 describe-instance-types": all("ec2")("DescribeInstanceTypes"),
  "ec2 describe-instances": all("ec2")("DescribeInstances"),
  "ec2 describe-vpcs": all("ec2")("DescribeVpcs"),
  "ecr describe-repositories": ecr("DescribeRepositories"),
  "eks describe-cluster": eks("cluster/mlops")("DescribeCluster"),
  "iam get-role": itself("GetRole"),
  "iam simulate-principal-policy": itself("SimulatePrincipalPolicy"),
  "logs describe-log-groups": all("logs")("DescribeLogGroups"),
  // HeadBucket is no action of its own.
  "s3api head-bucket": s3("ListBucket"),
  "service-quotas get-aws-default-service-quota": all("servicequotas")("GetAWSDefaultServiceQuota"),
  "service-quotas get-service-quota": all("servicequotas")("GetServiceQuota"),
  "sts get-caller-identity": all("sts")("GetCallerIdentity"),
};
