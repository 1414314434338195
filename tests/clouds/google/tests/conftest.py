import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from imitation.server import Imitation

Send = Callable[..., tuple[int, Any]]


@pytest.fixture
def send() -> Iterator[Send]:
    """Sends a request to an imitation with nothing in it; gives the status and the answer."""
    server = Imitation(0, None)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def sent(verb: str, path: str, body: Any = None) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{server.url}/{path}", data, method=verb)
        try:
            with urllib.request.urlopen(request) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    yield sent
    server.shutdown()
    server.server_close()
