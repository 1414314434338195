"""moto's services of one region, which EKS and the order of things look into."""

from typing import Any

from moto.backends import get_backend

from .settings import ACCOUNT


class Neighbours:
    """The services of a region by their names."""

    def __init__(self, region: str) -> None:
        self.region = region

    def _of(self, service: Any, region: str | None = None) -> Any:
        return get_backend(service)[ACCOUNT][region or self.region]

    @property
    def ec2(self) -> Any:
        """Networks."""
        return self._of("ec2")

    @property
    def iam(self) -> Any:
        """Roles, which no region has."""
        return self._of("iam", "aws")

    @property
    def kms(self) -> Any:
        """Keys."""
        return self._of("kms")

    @property
    def logs(self) -> Any:
        """Log groups."""
        return self._of("logs")

    @property
    def rds(self) -> Any:
        """Databases."""
        return self._of("rds")

    @property
    def ecr(self) -> Any:
        """Registries."""
        return self._of("ecr")

    @property
    def s3(self) -> Any:
        """Buckets, whose names are the whole world's."""
        return self._of("s3", "aws")

    @property
    def ssm(self) -> Any:
        """Parameters."""
        return self._of("ssm")

    def subnet(self, subnet_id: str) -> Any:
        """A subnet, or None."""
        return next((group[subnet_id] for group in self.ec2.subnets.values() if subnet_id in group), None)

    def policies_of(self, role_arn: str) -> list[str] | None:
        """Names of the policies that are attached to a role; None where there is no such role."""
        role = next((role for role in self.iam.roles.values() if role.arn == role_arn), None)
        return None if role is None else [policy.name for policy in role.managed_policies.values()]
