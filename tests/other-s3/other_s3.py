"""An S3 server that is not MinIO, as a site may have one: it checks signatures and regions, and has S3's API alone."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

# The environment of components/s3/site-store.ts.
REGION = "north-1"
ENVIRONMENT = {
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
    "AWS_RESPONSE_CHECKSUM_VALIDATION": "when_required",
    "AWS_ACCESS_KEY_ID": "site-access-key",
    "AWS_SECRET_ACCESS_KEY": "site-secret-key",
}
START_SECONDS = 30


@contextmanager
def other_s3(home: Path) -> Iterator[dict[str, str]]:
    """A client's environment for a server with the bucket `company`."""
    binary = os.environ.get("VERSITYGW") or shutil.which("versitygw")
    if not binary:
        pytest.skip("needs an S3 server that is not MinIO: versitygw on PATH or in $VERSITYGW")
    objects, metadata = home / "objects", home / "metadata"
    (objects / "company").mkdir(parents=True)
    metadata.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    keys = {
        "ROOT_ACCESS_KEY": ENVIRONMENT["AWS_ACCESS_KEY_ID"],
        "ROOT_SECRET_KEY": ENVIRONMENT["AWS_SECRET_ACCESS_KEY"],
    }
    command: list[str | Path] = [binary, "--port", address, "--region", REGION, "--quiet"]
    command += ["posix", "--sidecar", metadata, objects]
    process = subprocess.Popen(
        command, env={**os.environ, **keys}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(address):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail("versitygw did not start")
            time.sleep(0.1)
        yield {**ENVIRONMENT, "AWS_ENDPOINT_URL_S3": f"http://{address}"}
    finally:
        process.terminate()
        process.wait(20)


def _answers(address: str) -> bool:
    host, _, port = address.partition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0
