"""The servers of the tests, and an environment for them to be named in."""

import os
from collections.abc import Iterator

import pytest
import services


@pytest.fixture(scope="session")
def tracking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of MLflow's own server, which serves the artifacts itself as the platform's does."""
    folder = tmp_path_factory.mktemp("mlflow")
    url = f"http://127.0.0.1:{services.free_port()}"
    stores = [
        "--backend-store-uri",
        f"sqlite:///{folder}/mlflow.db",
        "--artifacts-destination",
        f"{folder}/artifacts",
    ]
    address = ["--host", "127.0.0.1", "--port", url.rpartition(":")[2], "--workers", "1"]
    server = services.Server(
        "mlflow",
        ["server", *address, *stores],
        {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
        f"{url}/health",
    )
    server.wait()
    yield url
    server.stop()


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
        if name.startswith(("AWS_", "DATA_URI", "MLFLOW_")):
            monkeypatch.delenv(name)
    return monkeypatch
