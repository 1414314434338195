"""The imitation as one WSGI application: the tests' own paths, EKS, Kubernetes behind it, and moto for the rest."""

import json
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app

from .call import Call, Environ, read_call
from .eks.eks import Eks
from .eks.state import ApiServers
from .eks.versions import release_parameters
from .faults import Faults
from .journal import Journal
from .kubernetes.server import Kubernetes
from .left import left
from .moto_corrections import correct
from .nat_gateways import settle
from .order import check_order
from .public_parameters import publish
from .refusal import Refusal, refused
from .settings import Settings

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Answer = tuple[int, list[tuple[str, str]], bytes]

_json = [("Content-Type", "application/json")]


class RequestHandler(MotoRequestHandler):
    """moto's own, which writes no line about each request: the journal has them."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Writes errors alone."""
        if type == "error":
            super().log(type, message, *args)


class Imitation:
    """AWS on loopback.

    `GET /_store` says what exists, `GET /_journal` what was asked. `POST /_faults` switches a fault on, and
    `GET /_faults` says which have not hit yet.
    """

    request_handler = RequestHandler

    def __init__(self, settings: Settings) -> None:
        self.url = ""
        self._settings = settings
        self._journal = Journal()
        self._faults = Faults()
        self._kubernetes = Kubernetes()
        self._eks = Eks(settings, self._journal, ApiServers(self._address, self._kubernetes.forget))
        self._moto = DomainDispatcherApplication(create_backend_app)
        # moto's models are not made for two calls at once.
        self._lock = threading.Lock()

    def close(self) -> None:
        """Ends what happens by itself; moto's models, which the process shares, are left as they are."""
        for region in self._eks.regions:
            region.closed.set()

    def _address(self, cluster: str) -> str:
        return f"{self.url}/_kubernetes/{cluster}"

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answers one request."""
        path = environ["PATH_INFO"]
        if path.startswith("/_kubernetes/"):
            return self._kubernetes(environ, start_response)
        status, headers, body = self._own(environ, path) if path.startswith("/_") else self._amazon(environ)
        start_response(f"{status} {'OK' if status < 400 else 'Refused'}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _amazon(self, environ: Environ) -> Answer:
        since = time.monotonic()
        call = read_call(environ)
        try:
            fault = self._faults.meet(call)
            with self._lock:
                status, headers, body = self._answer(call, environ)
            time.sleep(0 if fault is None else fault.seconds)
            if fault is not None and fault.lost:
                self._journal.answer(call, 0, since, b"")
                _hang_up(environ)
        except Refusal as refusal:
            status, headers, body = _refused(refusal, call)
        except (ConnectionAbortedError, OSError):
            raise
        except Exception:
            self._journal.complain(f"the imitation is broken: {call.name}: {traceback.format_exc()}")
            status, headers, body = _refused(refused("InternalFailure", "the imitation is broken", 500), call)
        self._journal.answer(call, status, since, body)
        return status, headers, body

    def _answer(self, call: Call, environ: Environ) -> Answer:
        if call.service == "eks":
            return 200, _json, json.dumps(self._eks.answer(call)).encode()
        if call.region:
            check_order(call, self._eks.region(call.region))
        if call.service == "ssm":
            publish(call.region, release_parameters())
        status, headers, body = _through(self._moto, environ)
        if status < 400:
            settle(call, self._settings.settle_seconds)
            correct(call)
        return status, headers, body

    def _own(self, environ: Environ, path: str) -> Answer:
        """The tests' side, which AWS does not have."""
        if (environ["REQUEST_METHOD"], path) == ("POST", "/_faults"):
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            self._faults.add(json.loads(body))
        elif (environ["REQUEST_METHOD"], path) == ("DELETE", "/_faults"):
            self._faults.clear()
        found: dict[str, Callable[[], object]] = {
            "/_store": lambda: {"resources": self._left()},
            "/_journal": lambda: self._journal.entries,
            "/_faults": self._faults.left,
        }
        if path not in found:
            return 404, _json, b"{}"
        return 200, _json, json.dumps(found[path](), default=str).encode()

    def _left(self) -> dict[str, object]:
        with self._lock:
            names = {name for region in self._eks.regions for name in left(region)}
        return dict.fromkeys(sorted(names | set(self._kubernetes.left())))


def _refused(refusal: Refusal, call: Call) -> Answer:
    headers = {"Content-Type": refusal.content_type(call.service), **refusal.headers}
    return refusal.status, list(headers.items()), refusal.body(call.service)


def _through(app: Any, environ: Environ) -> Answer:
    """What another application answers."""
    seen: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
        seen.update(status=int(status.split()[0]), headers=headers)

    body = b"".join(app(environ, start))
    return seen["status"], seen["headers"], body


def _hang_up(environ: Environ) -> None:
    """Ends the connection where an answer was due."""
    connection: socket.socket = environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError
