"""Makes roles and a bucket at moto's IAM and S3 as stdin says, and prints what these have then."""

import json
import sys
from typing import Any

import boto3
from moto import mock_aws


def make_roles(roles: list[dict[str, Any]]) -> dict[str, Any]:
    iam = boto3.client("iam")
    made = {}
    for role in roles:
        name = role["name"]
        iam.create_role(RoleName=name, Path=role["path"], AssumeRolePolicyDocument=json.dumps(role["trust"]))
        if role["policy"] is not None:
            iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=json.dumps(role["policy"]))
        read = iam.get_role(RoleName=name)["Role"]
        policies = iam.list_role_policies(RoleName=name)["PolicyNames"]
        documents = [iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"] for policy in policies]
        made[name] = {"arn": read["Arn"], "trust": read["AssumeRolePolicyDocument"], "policies": documents}
    return made


def make_bucket(bucket: dict[str, Any], region: str) -> dict[str, Any]:
    s3 = boto3.client("s3", region_name=region)
    name = bucket["name"]
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=bucket["publicAccess"])
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(bucket["policy"]))
    s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls={"Rules": [bucket["ownership"]]})
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=bucket["versioning"])
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": bucket["encryption"]})
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": bucket["lifecycle"]})
    return {
        "name": name,
        "publicAccess": s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"],
        "policy": json.loads(s3.get_bucket_policy(Bucket=name)["Policy"]),
        "ownership": s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"][0],
        "versioning": {"Status": s3.get_bucket_versioning(Bucket=name)["Status"]},
        "encryption": s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"],
        "lifecycle": s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"],
    }


@mock_aws
def main() -> None:
    wanted = json.load(sys.stdin)
    made = {"roles": make_roles(wanted["roles"]), "bucket": make_bucket(wanted["bucket"], wanted["region"])}
    json.dump(made, sys.stdout)


if __name__ == "__main__":
    main()
