import type { CloudResource } from "../../kind.ts";

/** Resources of AWS that cost money, hold data, or are keys. */
export const eksResources: Readonly<Record<string, CloudResource>> = {
  "aws:ebs/volume:Volume": { tags: "tags", guards: {} },
  "aws:ec2/eip:Eip": { tags: "tags" },
  "aws:ec2/launchTemplate:LaunchTemplate": { tags: "tags" },
  "aws:ec2/natGateway:NatGateway": { tags: "tags" },
  "aws:eks/cluster:Cluster": { tags: "tags", guards: { deletionProtection: "on" }, data: "cluster" },
  "aws:eks/nodeGroup:NodeGroup": { tags: "tags" },
  "aws:iam/accessKey:AccessKey": { isStaticKey: true },
  "aws:iam/serviceSpecificCredential:ServiceSpecificCredential": { isStaticKey: true },
  "aws:iam/userLoginProfile:UserLoginProfile": { isStaticKey: true },
  // The cluster's Secrets cannot be read without it.
  "aws:kms/key:Key": { tags: "tags", guards: {}, data: "cluster" },
  "aws:lb/loadBalancer:LoadBalancer": { tags: "tags" },
  "aws:rds/cluster:Cluster": { tags: "tags", guards: { deletionProtection: "on", skipFinalSnapshot: "not on" } },
  "aws:rds/instance:Instance": {
    tags: "tags",
    guards: { deletionProtection: "on", skipFinalSnapshot: "not on" },
    data: "database",
    replaces: { part: "postgres", name: "RDS" },
  },
  "aws:s3/bucket:Bucket": {
    tags: "tags",
    guards: { forceDestroy: "not on" },
    data: "bucket",
    replaces: { part: "minio", name: "S3" },
  },
};
