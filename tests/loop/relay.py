"""Faults between a client and a server."""

import http.client
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Relay:
    """Stands between a client and an HTTP server, and lets a test take the server away."""

    def __init__(self, target: str) -> None:
        self._target = target.removeprefix("http://")
        self._fault: Callable[[str, str], int | None] = lambda method, path: None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _relay_handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def running(self) -> Iterator["Relay"]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()

    def refuse(self, method: str, status: int) -> None:
        """Answers every request of the method with the status."""
        self._fault = lambda asked, path: status if asked == method else None

    def down_from(self, part_of_path: str) -> None:
        """Breaks every connection, from the first request on whose path holds the part."""
        reached = threading.Event()

        def fault(method: str, path: str) -> int | None:
            if part_of_path in path:
                reached.set()
            return 0 if reached.is_set() else None

        self._fault = fault

    def restore(self) -> None:
        self._fault = lambda method, path: None

    def fault(self, method: str, path: str) -> int | None:
        """None: passes; 0: the connection breaks; else the status to answer with."""
        return self._fault(method, path)

    def forward(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection(self._target, timeout=60)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()


def _relay_handler(relay: Relay) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status = relay.fault(self.command, self.path)
            if status == 0:
                self.close_connection = True
                return
            if status is None:
                headers = {name: value for name, value in self.headers.items() if name.lower() != "expect"}
                status, answered, content = relay.forward(self.command, self.path, headers, body)
            else:
                answered, content = [("Content-Type", "application/xml")], b"<Error><Code>AccessDenied</Code></Error>"
            self.send_response(status)
            for name, value in answered:
                if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                    self.send_header(name, value)
            length = dict(answered).get("Content-Length", "0") if self.command == "HEAD" else str(len(content))
            self.send_header("Content-Length", length)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

        def log_message(self, format: str, *args: object) -> None:
            """The tests read what the client says."""

    return Handler
