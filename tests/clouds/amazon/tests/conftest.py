"""The imitation on a free port, and boto3's clients of it."""

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.request import Request, urlopen

import boto3
import pytest
from moto.moto_api import state_manager  # noqa: F401 - loads moto before its settings are read
from werkzeug.serving import make_server

from imitation.app import Imitation
from imitation.settings import Settings


class Amazon:
    """A running imitation."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}"

    def client(self, service: str) -> Any:
        """boto3's client of a service, which tries nothing twice."""
        return boto3.client(
            service,
            endpoint_url=self._url,
            region_name="eu-central-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=boto3.session.Config(retries={"total_max_attempts": 1}),
        )

    def left(self) -> list[str]:
        """What exists."""
        return list(self._ask("/_store")["resources"])

    def complaints(self) -> list[str]:
        """What AWS would not have liked."""
        return [entry["text"] for entry in self._ask("/_journal") if entry["kind"] == "complaint"]

    def _ask(self, path: str) -> Any:
        return json.load(urlopen(f"{self._url}{path}"))

    def fault(self, **fault: object) -> None:
        """Switches a fault on."""
        urlopen(Request(f"{self._url}/_faults", json.dumps(fault).encode(), method="POST"))


@pytest.fixture
def amazon() -> Iterator[Amazon]:
    """An account with nothing in it."""
    from moto.backends import get_backend

    app = Imitation(Settings(settle_seconds=1, late_log_seconds=10))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=app.request_handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Amazon(server.server_port)
    server.shutdown()
    app.close()
    for service in ("ec2", "iam", "kms", "logs", "rds", "s3"):
        get_backend(service).reset()


@pytest.fixture
def refused() -> Callable[[Callable[[], object]], str]:
    """The code of the error that a call ends with."""

    def code(call: Callable[[], object]) -> str:
        with pytest.raises(Exception) as caught:
            call()
        return str((getattr(caught.value, "response", None) or {}).get("Error", {}).get("Code", caught.value))

    return code
