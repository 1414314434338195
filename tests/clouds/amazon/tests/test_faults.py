"""Faults, each in the words of its service."""

import json
from collections.abc import Callable

import pytest

from .conftest import Amazon

Refused = Callable[[Callable[[], object]], str]


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (503, "RequestLimitExceeded"),
        (500, "InternalError"),
        (403, "UnauthorizedOperation"),
        (400, "VpcLimitExceeded"),
    ],
)
def test_the_next_call_is_refused_and_the_one_after_it_is_not(
    amazon: Amazon, refused: Refused, code: int, status: str
) -> None:
    ec2 = amazon.client("ec2")
    amazon.fault(method="ec2:CreateVpc", code=code, status=status)
    assert refused(lambda: ec2.create_vpc(CidrBlock="10.0.0.0/16")) == status
    assert amazon.left() == []
    ec2.create_vpc(CidrBlock="10.0.0.0/16")
    assert len(amazon.left()) == 1


def test_what_an_answer_is_lost_of_is_there(amazon: Amazon, refused: Refused) -> None:
    logs = amazon.client("logs")
    amazon.fault(method="logs:CreateLogGroup", lost=True)
    assert "closed" in refused(lambda: logs.create_log_group(logGroupName="group"))
    assert amazon.left() == ["log-group group"]


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "code"),
    [
        ("iam", "create_role", {"RoleName": "r", "AssumeRolePolicyDocument": "{}"}, "AccessDenied"),
        ("s3", "create_bucket", {"Bucket": "bucket"}, "AccessDenied"),
        ("kms", "create_key", {}, "AccessDeniedException"),
        ("eks", "describe_cluster", {"name": "c"}, "AccessDeniedException"),
        ("rds", "create_db_subnet_group", {}, "AccessDenied"),
    ],
)
def test_each_protocol_has_its_own_refusal(
    amazon: Amazon, refused: Refused, service: str, operation: str, arguments: dict[str, str], code: str
) -> None:
    client = amazon.client(service)
    if service == "rds":
        arguments = json.loads(
            '{"DBSubnetGroupName": "g", "DBSubnetGroupDescription": "g", "SubnetIds": ["subnet-1", "subnet-2"]}'
        )
    amazon.fault(method=f"{service}:.*", code=403, status=code)
    assert refused(lambda: getattr(client, operation)(**arguments)) == code
