"""A folder of objects whose server answers in ways of its own."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from conftest import Run

# A listing of MinIO RELEASE.2025-10-15 that meets an object written with forged replication headers.
TAMPERED = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>XMinioObjectTampered</Code><Message>The requested object '
    b"was modified and may be compromised</Message><BucketName>mlops</BucketName><Resource>/mlops</Resource></Error>"
)


class Tampered(BaseHTTPRequestHandler):
    """A bucket with such an object: every listing that would name it is this one."""

    def do_GET(self) -> None:
        self.send_response(206)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(TAMPERED)))
        self.end_headers()
        self.wfile.write(TAMPERED)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def tampered(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of that bucket."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Tampered)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{server.server_port}")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    yield "s3://mlops"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("command", ["copy", "list", "verify", "restore"])
def test_an_error_in_a_listing_is_no_empty_bucket(command: str, tampered: str, run: Run, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    arguments = (tampered, f"file://{copy}") if command == "copy" else ()
    outcome = run(command, *arguments, BACKUP_URI=f"{tampered}/backups")
    assert outcome.code == 4, outcome
    assert "cannot list s3://mlops" in outcome.error
    assert "XMinioObjectTampered" in outcome.error
    assert outcome.error.endswith('docs/operations.md, "An object that hides the others"')
    assert not copy.exists()
