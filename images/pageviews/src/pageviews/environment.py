"""What the package reads from the environment; a task pod gets it from its project's ConfigMap and Secret."""

import os
from collections.abc import Mapping

from pageviews.errors import ConfigurationError

PURPOSES: Mapping[str, str] = {
    "DATA_URI": "where training snapshots are kept, for example s3://projects/pageviews or file:///data",
    "MLFLOW_TRACKING_URI": "the tracking server's address, for example http://mlflow.mlops.svc:5000",
    "WIKIMEDIA_CONTACT": "who runs this client, for example ops@example.org; Wikimedia requires it",
}


def require(name: str) -> str:
    """The variable's value.

    Raises:
        ConfigurationError: it is not set or blank.
    """
    value = os.environ.get(name, "").strip()
    if not value:
        raise ConfigurationError(f"{name} is not set: it says {PURPOSES[name]}.")
    return value
