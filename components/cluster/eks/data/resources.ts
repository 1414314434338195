import type { CloudResource } from "../../kind.ts";

/** Resources of AWS that cost money, hold data, or are keys. */
export const eksResources: Readonly<Record<string, CloudResource>> = {
  "aws:ebs/volume:Volume": { tags: "tags", guards: {} },
  "aws:ec2/eip:Eip": { tags: "tags" },
  "aws:ec2/launchTemplate:LaunchTemplate": { tags: "tags" },
  "aws:ec2/natGateway:NatGateway": { tags: "tags" },
  "aws:eks/cluster:Cluster": { tags: "tags", guards: { deletionProtection: "on" } },
  "aws:eks/nodeGroup:NodeGroup": { tags: "tags" },
  "aws:iam/accessKey:AccessKey": { isStaticKey: true },
  "aws:iam/serviceSpecificCredential:ServiceSpecificCredential": { isStaticKey: true },
  "aws:iam/userLoginProfile:UserLoginProfile": { isStaticKey: true },
  "aws:kms/key:Key": { tags: "tags", guards: {} },
  "aws:lb/loadBalancer:LoadBalancer": { tags: "tags" },
  "aws:rds/cluster:Cluster": { tags: "tags", guards: { deletionProtection: "on", skipFinalSnapshot: "not on" } },
  "aws:rds/instance:Instance": {
    tags: "tags",
    guards: { deletionProtection: "on", skipFinalSnapshot: "not on" },
    replaces: { part: "postgres", name: "RDS" },
  },
  "aws:s3/bucket:Bucket": {
    tags: "tags",
    guards: { forceDestroy: "not on" },
    replaces: { part: "minio", name: "S3" },
  },
};
