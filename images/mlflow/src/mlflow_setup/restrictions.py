"""What the platform takes away from MLflow's users before the server starts.

The server reaches every project's artifacts. What it reads, and for whom it signs, must not follow from what
a user has written down. The exact pin of MLflow's version and the tests make its internal names safe to use.
"""

import os
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlparse

from flask import request
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import PERMISSION_DENIED
from mlflow.server import auth, handlers
from mlflow.server.auth import routes
from mlflow.store.tracking import sqlalchemy_store
from mlflow.tracing.utils.artifact_utils import get_artifact_uri_for_trace

# MLflow asks with isinstance whether a store can do these: before it signs a URL, and for /server-info.
_DIRECT_ACCESS = ("MultipartUploadMixin", "MultipartDownloadMixin", "PresignedUploadMixin")

Validator = Callable[[], bool]


class _Unsupported:
    """No artifact store is one."""


def restrict() -> None:
    """Closes what MLflow opens to every user; call it before the application is made."""
    sign_no_urls()
    hide_users()
    read_own_versions()
    read_own_traces()
    # A route for which MLflow has no rule is refused, not open.
    os.environ.setdefault("MLFLOW_BASIC_AUTH_FAIL_CLOSED", "true")


def sign_no_urls() -> None:
    """Makes every artifact pass through the server.

    A URL that the server signs carries the server's own rights: its holder may add headers that the
    signature does not cover, such as `x-amz-copy-source`, and a store that follows them reads another
    project's artifact. Clients fall back to the server, as they do for a store without multipart uploads.
    """
    for name in _DIRECT_ACCESS:
        _replace(handlers, name, _Unsupported)


def hide_users() -> None:
    """Leaves the list of users to administrators, whom MLflow does not ask any validator for."""
    for path in (routes.LIST_USERS, routes.AJAX_LIST_USERS):
        _validators()[path, "GET"] = lambda: False


def read_own_versions() -> None:
    """Serves no file of a model version whose source is an address of the store.

    MLflow lets a user register a version of any such address, another project's artifacts included, and reads
    it as the server. A source by `mlflow-artifacts:` is one of a run or a model that the user may read.
    """
    route = (routes.GET_MODEL_VERSION_ARTIFACT, "GET")
    may_read = _validators()[route]
    _validators()[route] = lambda: may_read() and _is_proxied(request.args)


def read_own_traces() -> None:
    """Reads a trace from the folder of its own name alone: users may write the tag that says where it is."""
    _replace(handlers, "get_artifact_uri_for_trace", _own_folder)
    # The server archives no traces, so that a tag which names an archive is a user's own.
    for module in (handlers, sqlalchemy_store):
        _replace(module, "get_archive_uri_for_trace", _no_archive)


def _is_proxied(arguments: Mapping[str, str]) -> bool:
    store: Any = handlers._get_model_registry_store()
    uri = store.get_model_version_download_uri(arguments.get("name"), arguments.get("version"))
    return bool(urlparse(uri).scheme == "mlflow-artifacts")


def _own_folder(trace: Any) -> str:
    uri: str = get_artifact_uri_for_trace(trace)
    if re.fullmatch(r"[\w-]+", trace.request_id) and uri.endswith(f"/traces/{trace.request_id}/artifacts"):
        return uri
    raise MlflowException("The trace's location is not that of this trace", error_code=PERMISSION_DENIED)


def _no_archive(trace: Any) -> str:
    raise MlflowException(f"Trace {trace.request_id} has no archive", error_code=PERMISSION_DENIED)


def _validators() -> dict[tuple[str, str], Validator]:
    validators: dict[tuple[str, str], Validator] = auth.BEFORE_REQUEST_VALIDATORS
    return validators


def _replace(module: Any, name: str, value: object) -> None:
    """Fails for a name that MLflow no longer has."""
    getattr(module, name)
    setattr(module, name, value)
