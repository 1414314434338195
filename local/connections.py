"""From the settings of a project's pods to those of a program on this machine: pure functions."""

import re
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

SERVICE = re.compile(r"(?P<service>[a-z0-9-]+)\.(?P<namespace>[a-z0-9-]+)\.svc(\.cluster\.local)?")

URLS = ("MLFLOW_TRACKING_URI", "AWS_ENDPOINT_URL_S3")
"""Variables that are the address of a server of the platform."""


@dataclass(frozen=True)
class Forward:
    """A Service's port, and the port of this machine that leads there."""

    service: str
    namespace: str
    port: int
    local_port: int


@dataclass(frozen=True)
class Plan:
    """What is forwarded: by the variable that names it."""

    by_variable: Mapping[str, Forward]

    @property
    def forwards(self) -> Iterable[Forward]:
        return self.by_variable.values()


def plan(environment: Mapping[str, str]) -> Plan:
    """A forward for each variable that names a Service of the cluster; other addresses are used as they are."""
    found = {}
    for variable in URLS:
        if variable in environment:
            address = urlsplit(environment[variable])
            port = address.port or (443 if address.scheme == "https" else 80)
            found[variable] = _forward(address.hostname or "", port)
    if "PGHOST" in environment:
        found["PGHOST"] = _forward(environment["PGHOST"], int(environment.get("PGPORT", "5432")))
    return Plan({variable: forward for variable, forward in found.items() if forward})


def localized(environment: Mapping[str, str], plan: Plan, certificate: str | None, data: Path) -> dict[str, str]:
    """
    The environment with this machine's ends of the forwards in it.

    :param certificate: PEM file that stands in for the one that pods mount.
    :param data: folder that stands in for a volume of the cluster.
    """
    result = dict(environment)
    for variable, forward in plan.by_variable.items():
        if variable == "PGHOST":
            # libpq verifies the server's certificate against PGHOST and connects to PGHOSTADDR.
            result |= {"PGHOSTADDR": "127.0.0.1", "PGPORT": str(forward.local_port)}
        else:
            # By name: MLflow answers only to the host names that it was told.
            result[variable] = (
                urlsplit(environment[variable])._replace(netloc=f"localhost:{forward.local_port}").geturl()
            )
    if certificate and "PGSSLROOTCERT" in result:
        result["PGSSLROOTCERT"] = certificate
    if result.get("DATA_URI", "").startswith("file:"):
        result["DATA_URI"] = data.as_uri()
    return result


def described(environment: Mapping[str, str], plan: Plan) -> list[str]:
    """What a person wants to know of it; no secret is in it."""
    lines = [
        f"{forward.service}.{forward.namespace}:{forward.port} is localhost:{forward.local_port}"
        for forward in plan.forwards
    ]
    if environment.get("DATA_URI", "").startswith("file:"):
        lines.append(f"DATA_URI is {environment['DATA_URI']}: the pods' own volume is not on this machine")
    return lines


def _forward(host: str, port: int) -> Forward | None:
    match = SERVICE.fullmatch(host)
    return Forward(match["service"], match["namespace"], port, _free_port()) if match else None


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
