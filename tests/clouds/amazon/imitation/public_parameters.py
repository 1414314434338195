"""AWS's public parameters, which nobody can write through SSM's API."""

from datetime import UTC, datetime

from moto.ssm.models import Parameter

from .neighbours import Neighbours
from .settings import ACCOUNT


def publish(region: str, values: dict[str, str]) -> None:
    """Puts parameters where SSM finds them."""
    parameters = Neighbours(region).ssm._parameters
    for name, value in values.items():
        if name not in parameters:
            parameters[name] = [
                Parameter(  # type: ignore[abstract] # a base class of moto says so, and is not
                    account_id=ACCOUNT,
                    name=name,
                    value=value,
                    parameter_type="String",
                    description="",
                    allowed_pattern=None,
                    keyid=None,
                    last_modified_date=datetime.now(UTC),
                    version=1,
                    data_type="text",
                )
            ]
