"""EKS: what moto does not play."""

import json
import time
from collections.abc import Callable
from typing import Any

from imitation.eks.operations import complaints_about

from .conftest import Amazon

Refused = Callable[[Callable[[], object]], str]


def _cluster(amazon: Amazon, **more: Any) -> Any:
    ec2, iam = amazon.client("ec2"), amazon.client("iam")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{i}.0/24", AvailabilityZone=f"eu-central-1{zone}")["Subnet"][
            "SubnetId"
        ]
        for i, zone in enumerate("ab")
    ]
    role = iam.create_role(RoleName="cluster", AssumeRolePolicyDocument=json.dumps({"Statement": []}))["Role"]["Arn"]
    eks = amazon.client("eks")
    found = eks.create_cluster(name="c", roleArn=role, resourcesVpcConfig={"subnetIds": subnets}, **more)["cluster"]
    assert found["status"] == "CREATING"
    time.sleep(1.1)
    return eks


def test_a_role_without_its_policy_is_complained_of(amazon: Amazon) -> None:
    _cluster(amazon)
    assert amazon.complaints() == ["the cluster c is made before its role may run it"]


def test_kubernetes_goes_up_one_version_at_a_time(amazon: Amazon, refused: Refused) -> None:
    eks = _cluster(amazon, version="1.34")
    assert refused(lambda: eks.update_cluster_version(name="c", version="1.36")) == "InvalidParameterException"
    update = eks.update_cluster_version(name="c", version="1.35")["update"]["id"]
    assert refused(lambda: eks.update_cluster_version(name="c", version="1.36")) == "ResourceInUseException"
    time.sleep(1.1)
    assert eks.describe_update(name="c", updateId=update)["update"]["status"] == "Successful"
    assert eks.describe_cluster(name="c")["cluster"]["version"] == "1.35"


def test_a_protected_cluster_is_not_deleted(amazon: Amazon, refused: Refused) -> None:
    eks = _cluster(amazon, deletionProtection=True)
    assert refused(lambda: eks.delete_cluster(name="c")) == "InvalidParameterException"
    eks.update_cluster_config(name="c", deletionProtection=False)
    time.sleep(1.1)
    eks.delete_cluster(name="c")
    time.sleep(1.1)
    assert refused(lambda: eks.describe_cluster(name="c")) == "ResourceNotFoundException"


def test_eks_makes_the_log_group_again_with_its_last_events(amazon: Amazon) -> None:
    logs = amazon.client("logs")
    logs.create_log_group(logGroupName="/aws/eks/c/cluster")
    eks = _cluster(amazon, logging={"clusterLogging": [{"types": ["api"], "enabled": True}]})
    eks.delete_cluster(name="c")
    time.sleep(1.1)
    amazon.left()
    logs.delete_log_group(logGroupName="/aws/eks/c/cluster")
    assert "log-group /aws/eks/c/cluster" not in amazon.left()
    until = time.monotonic() + 10
    while "log-group /aws/eks/c/cluster" not in amazon.left():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_the_same_token_of_a_client_makes_one_cluster(amazon: Amazon) -> None:
    eks = _cluster(amazon, clientRequestToken="once")
    arguments = {"name": "c", "roleArn": "any", "resourcesVpcConfig": {}, "clientRequestToken": "once"}
    assert eks.create_cluster(**arguments)["cluster"]["name"] == "c"
    assert len(eks.describe_addon_versions(addonName="coredns", kubernetesVersion="1.35")["addons"]) == 1


def test_what_ekss_own_description_refuses_is_complained_of() -> None:
    assert complaints_about("DescribeCluster", {"name": "c"}) == []
    assert complaints_about("DescribeCluster", {"name": "c", "colour": "red"}) == ["Unknown parameter colour"]
    (missing,) = complaints_about("CreateCluster", {"name": "c"})
    assert "roleArn" in missing and "resourcesVpcConfig" in missing
