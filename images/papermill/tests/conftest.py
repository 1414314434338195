"""The servers of the tests, and an environment for them to be named in."""

import os
from collections.abc import Iterator

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
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without any of the platform's settings, for the test to set."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "DATA_URI", "PG")):
            monkeypatch.delenv(name)
    return monkeypatch
