"""The APIs that are imitated: their descriptions, and what plays them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from .discovery import Api, Json
from .services.artifact_registry import artifact_registry
from .services.compute import compute
from .services.container import container
from .services.dns import dns
from .services.iam import iam
from .services.project import resource_manager, service_usage
from .services.service_networking import service_networking
from .services.sql import sql
from .services.storage import storage
from .state import Call, State

Handler = Callable[[State, Call], Json]


@dataclass(frozen=True)
class Imitated:
    """An API below a first segment of the imitation's paths."""

    api: Api
    handler: Handler
    # Whether the description's paths begin after that segment.
    is_cut: bool


# Name of the description, and whether the first segment is cut from the path.
APIS: dict[str, tuple[str, Handler, bool]] = {
    "artifactregistry": ("artifactregistry.v1", artifact_registry, True),
    "compute": ("compute.beta", compute, False),
    "container": ("container.v1beta1", container, True),
    "dns": ("dns.v1beta2", dns, False),
    "iam": ("iam.v1", iam, True),
    "resourcemanager": ("cloudresourcemanager.v1", resource_manager, True),
    "servicenetworking": ("servicenetworking.v1", service_networking, True),
    "serviceusage": ("serviceusage.v1", service_usage, True),
    "sql": ("sqladmin.v1beta4", sql, False),
    "storage": ("storage.v1", storage, False),
}


@cache
def imitated() -> dict[str, Imitated]:
    return {name: Imitated(Api(document), handler, is_cut) for name, (document, handler, is_cut) in APIS.items()}
