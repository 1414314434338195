"""The servers of the tests, and an environment for them to be named in."""

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import services


@pytest.fixture(scope="session")
def postgres() -> Iterator[dict[str, str]]:
    """libpq's variables for a server of this machine's own packages."""
    try:
        server = services.Postgres()
    except services.NotInstalled as reason:
        pytest.skip(str(reason))
    yield server.environment("postgres")
    server.close()


@pytest.fixture(scope="session")
def s3() -> Iterator[dict[str, str]]:
    """The variables that a pod has for an S3 server, which has the bucket `projects`."""
    server, url = services.s3_server()
    server.wait()
    services.create_buckets(url, "projects")
    yield {**services.S3_ENVIRONMENT, "AWS_ENDPOINT_URL_S3": url}
    server.stop()


@pytest.fixture
def tracking() -> Iterator[str]:
    """The address of a server that answers as MLflow's does to examples with the password secret."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            # base64 of examples:secret
            allowed = self.headers.get("Authorization") == "Basic ZXhhbXBsZXM6c2VjcmV0"
            found = self.path.startswith("/api/2.0/mlflow/experiments/search?max_results=")
            self.send_response(401 if not allowed else 200 if found else 404)
            self.end_headers()
            if allowed and found:
                self.wfile.write(b'{"experiments": [{"experiment_id": "0", "name": "Default"}]}')

        def log_message(self, *arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without any of the platform's settings, for the test to set."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "DATA_URI", "MLFLOW_", "PG")):
            monkeypatch.delenv(name)
    return monkeypatch
