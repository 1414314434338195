"""What AWS refuses because of its order."""

import time
from collections.abc import Callable
from typing import Any

from .conftest import Amazon

Refused = Callable[[Callable[[], object]], str]


def _wait(ec2: Any, state: str) -> None:
    while ec2.describe_nat_gateways()["NatGateways"][0]["State"] != state:
        time.sleep(0.05)


def test_a_nat_gateway_needs_an_attached_internet_gateway_and_holds_its_address(
    amazon: Amazon, refused: Refused
) -> None:
    ec2 = amazon.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]

    def nat() -> str:
        return str(ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"])

    assert refused(nat) == "Gateway.NotAttached"
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    nat_gateway = nat()
    _wait(ec2, "available")
    ec2.delete_nat_gateway(NatGatewayId=nat_gateway)
    assert refused(lambda: ec2.release_address(AllocationId=address)) == "InvalidIPAddress.InUse"
    assert refused(lambda: ec2.delete_subnet(SubnetId=subnet)) == "DependencyViolation"
    detach = {"InternetGatewayId": gateway, "VpcId": vpc}
    assert refused(lambda: ec2.detach_internet_gateway(**detach)) == "DependencyViolation"
    _wait(ec2, "deleted")
    ec2.release_address(AllocationId=address)
    ec2.delete_subnet(SubnetId=subnet)
    assert refused(lambda: ec2.delete_vpc(VpcId=vpc)) == "DependencyViolation"
    ec2.detach_internet_gateway(**detach)
    ec2.delete_internet_gateway(InternetGatewayId=gateway)
    ec2.delete_vpc(VpcId=vpc)
    assert amazon.left() == []


def test_a_security_group_stays_while_a_rule_of_another_names_it(amazon: Amazon, refused: Refused) -> None:
    ec2 = amazon.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    one, other = [
        ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"] for name in ("one", "other")
    ]
    rule = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, "UserIdGroupPairs": [{"GroupId": one}]}
    ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=[rule])
    assert refused(lambda: ec2.delete_security_group(GroupId=one)) == "DependencyViolation"
    ec2.delete_security_group(GroupId=other)
    ec2.delete_security_group(GroupId=one)
