"""The order of things that AWS insists on and moto does not: what must be there before, and what must be gone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .call import Call
from .eks.state import State
from .neighbours import Neighbours
from .refusal import refused
from .security_groups import names_group


@dataclass(frozen=True)
class Region:
    """What a rule looks at."""

    here: Neighbours
    eks: State

    def nat_gateways(self) -> list[Any]:
        """Those that still hold a subnet and an address."""
        return [gateway for gateway in self.here.ec2.nat_gateways.values() if gateway.state != "deleted"]

    def users_of_subnet(self, subnet_id: str) -> Iterator[str]:
        """What has a network interface in a subnet."""
        yield from (gateway.id for gateway in self.nat_gateways() if gateway.subnet_id == subnet_id)
        for cluster in self.eks.clusters.values():
            if subnet_id in cluster.document["resourcesVpcConfig"]["subnetIds"]:
                yield cluster.document["name"]
        for group in self.eks.node_groups.values():
            if subnet_id in group.document["subnets"]:
                yield group.document["nodegroupName"]
        for database in self.here.rds.databases.values():
            if any(subnet.id == subnet_id for subnet in database.db_subnet_group.subnets):
                yield database.db_instance_identifier

    def users_of_group(self, group_id: str) -> Iterator[str]:
        """What is in a security group, and the other groups' rules that name it."""
        for database in self.here.rds.databases.values():
            if group_id in database.vpc_security_group_ids:
                yield database.db_instance_identifier
        for cluster in self.eks.clusters.values():
            network = cluster.document["resourcesVpcConfig"]
            if group_id in (network["clusterSecurityGroupId"], *network["securityGroupIds"]):
                yield cluster.document["name"]
        for group in [group for groups in self.here.ec2.groups.values() for group in groups.values()]:
            if names_group(group, group_id):
                yield group.id


def _depends(subject: str, users: list[str]) -> None:
    if users:
        raise refused("DependencyViolation", f"{subject} has dependencies and cannot be deleted: {users}")


def _nat_gateway(region: Region, asked: dict[str, Any]) -> None:
    subnet = region.here.subnet(asked["SubnetId"])
    attached = [gateway for gateway in region.here.ec2.internet_gateways.values() if gateway.vpc is not None]
    if subnet is not None and not any(gateway.vpc.id == subnet.vpc_id for gateway in attached):
        raise refused("Gateway.NotAttached", f"Network {subnet.vpc_id} has no Internet gateway attached")


def _detached_gateway(region: Region, asked: dict[str, Any]) -> None:
    public = [gateway.id for gateway in region.nat_gateways() if gateway.vpc_id == asked["VpcId"]]
    if public:
        raise refused(
            "DependencyViolation",
            f"Network {asked['VpcId']} has some mapped public address(es). Please unmap those public address(es) "
            f"before detaching the gateway: {public}",
        )


def _released_address(region: Region, asked: dict[str, Any]) -> None:
    users = [
        gateway.id
        for gateway in region.nat_gateways()
        if any(address.get("allocationId") == asked.get("AllocationId") for address in gateway.address_set)
    ]
    if users:
        raise refused("InvalidIPAddress.InUse", f"Address {asked['AllocationId']} is in use by {users}")


def _deleted_vpc(region: Region, asked: dict[str, Any]) -> None:
    vpc, ec2 = asked["VpcId"], region.here.ec2
    gateways = [gateway.id for gateway in ec2.internet_gateways.values() if gateway.vpc and gateway.vpc.id == vpc]
    endpoints = [one.id for one in ec2.vpc_end_points.values() if one.vpc_id == vpc and one.state != "deleted"]
    groups = [group.id for group in ec2.groups.get(vpc, {}).values() if group.name != "default"]
    _depends(f"The vpc '{vpc}'", gateways + endpoints + groups)


def _deleted_subnet(region: Region, asked: dict[str, Any]) -> None:
    _depends(f"The subnet '{asked['SubnetId']}'", list(region.users_of_subnet(asked["SubnetId"])))


def _deleted_group(region: Region, asked: dict[str, Any]) -> None:
    _depends(f"resource {asked['GroupId']}", list(region.users_of_group(asked["GroupId"])))


def _deleted_database_subnets(region: Region, asked: dict[str, Any]) -> None:
    name = asked["DBSubnetGroupName"].lower()
    databases = region.here.rds.databases.values()
    users = [
        one.db_instance_identifier for one in databases if one.db_subnet_group.db_subnet_group_name.lower() == name
    ]
    if users:
        raise refused("InvalidDBSubnetGroupStateFault", f"Cannot delete the subnet group '{name}': {users} use it")


def _deleted_database_parameters(region: Region, asked: dict[str, Any]) -> None:
    name = asked["DBParameterGroupName"]
    databases = region.here.rds.databases.values()
    users = [one.db_instance_identifier for one in databases if one.db_parameter_group_name == name]
    if users:
        raise refused("InvalidDBParameterGroupState", f"One or more database instances use the group {name}: {users}")


_rules: dict[str, Callable[[Region, dict[str, Any]], None]] = {
    "ec2:CreateNatGateway": _nat_gateway,
    "ec2:DeleteSecurityGroup": _deleted_group,
    "ec2:DeleteSubnet": _deleted_subnet,
    "ec2:DeleteVpc": _deleted_vpc,
    "ec2:DetachInternetGateway": _detached_gateway,
    "ec2:ReleaseAddress": _released_address,
    "rds:DeleteDBParameterGroup": _deleted_database_parameters,
    "rds:DeleteDBSubnetGroup": _deleted_database_subnets,
}


def check_order(call: Call, eks: State) -> None:
    """Raises what AWS would say of a call that comes too early or too late."""
    rule = _rules.get(call.name)
    if rule is not None:
        rule(Region(eks.neighbours, eks), call.parameters)
