"""A local HTTP server that answers like the pageviews API, with faults to order."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

Views = Mapping[str, Mapping[date, int]]


class WikimediaServer:
    """Serves `views`; a day that is not in them is one that the API has no data for. Port 0 is any free one."""

    def __init__(self, views: Views, address: tuple[str, int] = ("127.0.0.1", 0)) -> None:
        self.views = views
        self.throttled = 0
        """How many of the next requests are answered with 429."""
        self.malformed: str | None = None
        """What the next answer is instead of the right one."""
        self.before_answer: Callable[[int], None] = lambda number: None
        """Called with each request's number, from 1 on, before it is answered."""
        self.requests: list[str] = []
        self.user_agents: set[str] = set()
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(address, _handler(self))
        self.base_url = f"http://127.0.0.1:{self._server.server_port}/api/rest_v1"

    @contextmanager
    def running(self) -> Iterator["WikimediaServer"]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()

    def answer(self, path: str, user_agent: str) -> tuple[int, dict[str, str], str]:
        with self._lock:
            self.requests.append(path)
            self.user_agents.add(user_agent)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            number = len(self.requests)
            throttle, self.throttled = self.throttled > 0, max(0, self.throttled - 1)
            malformed = None if throttle else self.malformed
            if malformed is not None:
                self.malformed = None
        try:
            self.before_answer(number)
            if throttle:
                return 429, {"Retry-After": "1"}, json.dumps({"title": "Too many requests"})
            if malformed is not None:
                return 200, {}, malformed
            return self._right_answer(path)
        finally:
            with self._lock:
                self._at_once -= 1

    def _right_answer(self, path: str) -> tuple[int, dict[str, str], str]:
        parts = path.removeprefix("/api/rest_v1/metrics/pageviews/per-article/").split("/")
        if len(parts) != 7 or parts[4] != "daily":
            return 400, {}, json.dumps({"title": "Bad request", "detail": path})
        project, access, agent, title, _, start, end = parts
        article = unquote(title)
        days = self.views.get(article, {})
        first, last = (datetime.strptime(text, "%Y%m%d00").date() for text in (start, end))
        asked = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        items = [
            {
                "project": project,
                "article": article,
                "granularity": "daily",
                "timestamp": f"{day:%Y%m%d}00",
                "access": access,
                "agent": agent,
                "views": days[day],
            }
            for day in asked
            if day in days
        ]
        if not items:
            return 404, {}, json.dumps({"title": "Not Found", "detail": "no data for these dates", "status": 404})
        return 200, {}, json.dumps({"items": items})


def _handler(server: WikimediaServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, headers, body = server.answer(self.path, self.headers.get("User-Agent", ""))
            content = body.encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Type": "application/json"}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Tests read `requests`."""

    return Handler
