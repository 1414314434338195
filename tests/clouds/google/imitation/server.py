"""The imitation as a server: finds the method that a request calls, checks the request, and answers it."""

import json
import re
import traceback
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .apis import Imitated, imitated
from .control import Control
from .discovery import Json
from .faults import Fault
from .rules import rule_problems
from .state import Call, Refused, State

# Query parameters whose names Google does not write in camel case.
PLAIN = {"access_token", "oauth_token", "upload_protocol"}


class Imitation(ThreadingHTTPServer):
    """All APIs at one address of loopback."""

    daemon_threads = True

    def __init__(self, port: int, control_plane: str | None) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.state = State(self.url, control_plane)
        self.control = Control(self.state)
        self.apis = imitated()


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: Imitation

    def log_message(self, *_: Any) -> None:
        """Writes nothing, because the journal has every request."""

    def serve(self) -> None:
        url = urllib.parse.urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.loads(raw) if raw else {}
        path = urllib.parse.unquote(url.path).strip("/")
        if path.startswith("_"):
            return self.answer(200, self.server.control.answer(self.command, path, body))
        found = self.call(path, _query(url.query), body)
        if found is None:
            self.server.control.note("unknown", verb=self.command, path=path)
            return self.answer(404, _error(Refused(404, f"no such method: {self.command} {path}", "NOT_FOUND")))
        imitated, call = found
        fault = self.server.control.faults.meet(call.method.id)
        code, answer = self.done(imitated, call, fault)
        self.server.control.note("answer", id=call.method.id, path=call.path, body=call.body, code=code, answer=answer)
        if fault is not None and fault.lost:
            self.close_connection = True
            return None
        return self.answer(code, answer)

    def call(self, path: str, query: dict[str, list[str]], body: Json) -> tuple[Imitated, Call] | None:
        first, _, rest = path.partition("/")
        imitated = self.server.apis.get(first)
        if imitated is None:
            return None
        # The provider asks for DNS in two versions.
        inner = rest if imitated.is_cut else re.sub(r"^dns/v1/", "dns/v1beta2/", path)
        method = imitated.api.match(self.command, inner)
        if method is None:
            return None
        call = Call(self.command, method, inner, query, body)
        self.check(imitated, call)
        return imitated, call

    def check(self, imitated: Imitated, call: Call) -> None:
        problems = imitated.api.problems(call.method, call.query, call.body)
        if call.verb == "POST":
            problems += rule_problems(call.path, call.body)
        if problems != []:
            self.server.control.note("problems", id=call.method.id, path=call.path, body=call.body, problems=problems)

    def done(self, imitated: Imitated, call: Call, fault: Fault | None) -> tuple[int, Json]:
        """The answer's code and body. A fault of the imitation is shown, not hidden."""
        state = self.server.state
        try:
            if fault is not None and fault.code is not None:
                raise Refused(fault.code, fault.message, fault.status)
            with state.lock:
                state.slowness = 0 if fault is None else fault.seconds
                # A copy: what is stored changes while this is sent.
                return 200, json.loads(json.dumps(imitated.handler(state, call)))
        except Refused as refused:
            if refused.code == 501:
                self.server.control.note("unknown", verb=call.verb, path=call.path, message=str(refused))
            return refused.code, _error(refused)
        except Exception:
            self.server.control.note("broken", path=call.path, error=traceback.format_exc())
            return 500, _error(Refused(500, "the imitation is broken", "INTERNAL"))

    def answer(self, code: int, value: Any) -> None:
        data = json.dumps(value).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve


def _query(text: str) -> dict[str, list[str]]:
    """Google takes a parameter in its own spelling, too."""
    found = urllib.parse.parse_qs(text, keep_blank_values=True)
    return {key if key in PLAIN else _camel(key): values for key, values in found.items()}


def _camel(text: str) -> str:
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), text)


def _error(refused: Refused) -> Json:
    reasons = {403: "forbidden", 404: "notFound", 429: "rateLimitExceeded", 503: "backendError"}
    error = {"reason": reasons.get(refused.code, refused.status), "message": str(refused)}
    return {"error": {"code": refused.code, "message": str(refused), "status": refused.status, "errors": [error]}}
