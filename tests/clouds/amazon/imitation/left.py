"""What exists, and so costs: everything that a user has made, without what every account has from the beginning."""

from collections.abc import Iterator
from typing import Any

from .eks.state import State

Named = Iterator[tuple[str, str]]


def left(state: State) -> list[str]:
    """Each resource of a region and of the account as `kind id`, sorted."""
    named = [*_network(state.neighbours.ec2), *_account(state), *_data(state), *_eks(state)]
    return sorted(f"{kind} {name}" for kind, name in named)


def _network(ec2: Any) -> Named:
    own = [vpc.id for vpc in ec2.vpcs.values() if not vpc.is_default]
    yield from (("vpc", vpc) for vpc in own)
    subnets = [subnet for group in ec2.subnets.values() for subnet in group.values()]
    yield from (("subnet", subnet.id) for subnet in subnets if subnet.vpc_id in own)
    yield from (("internet-gateway", gateway.id) for gateway in ec2.internet_gateways.values())
    yield from (("nat-gateway", one.id) for one in ec2.nat_gateways.values() if one.state != "deleted")
    yield from (("address", address.allocation_id) for address in ec2.addresses)
    # The main one of a VPC goes with it.
    tables = [table for table in ec2.route_tables.values() if table.vpc_id in own and not table.main_association_id]
    yield from (("route-table", table.id) for table in tables)
    yield from (("vpc-endpoint", one.id) for one in ec2.vpc_end_points.values() if one.state != "deleted")
    groups = [group for groups in ec2.groups.values() for group in groups.values()]
    yield from (("security-group", group.id) for group in groups if group.name != "default")
    yield from (("launch-template", template.id) for template in ec2.launch_templates.values())


def _account(state: State) -> Named:
    here = state.neighbours
    yield from (("role", role.name) for role in here.iam.roles.values())
    yield from (("oidc-provider", arn) for arn in here.iam.open_id_providers)
    keys = [key for key in here.kms.keys.values() if key.key_manager == "CUSTOMER"]
    # A key is deleted after a waiting time of 7 to 30 days, which AWS does not charge for.
    yield from (("key", key.id) for key in keys if key.key_state != "PendingDeletion")
    yield from (("log-group", name) for name in here.logs.groups)


def _data(state: State) -> Named:
    here = state.neighbours
    yield from (("bucket", name) for name in here.s3.buckets)
    yield from (("repository", name) for name in here.ecr.repositories)
    yield from (("database", name) for name in here.rds.databases)
    yield from (("database-subnets", name) for name in here.rds.subnet_groups)
    parameters = [name for name in here.rds.db_parameter_groups if not name.startswith("default.")]
    yield from (("database-parameters", name) for name in parameters)
    yield from (("database-snapshot", name) for name in here.rds.database_snapshots)


def _eks(state: State) -> Named:
    for kind, things in (("cluster", state.clusters), ("node-group", state.node_groups), ("addon", state.addons)):
        yield from ((kind, "/".join(key)) for key in things)
    yield from (("access-entry", "/".join(key)) for key in state.entries)
