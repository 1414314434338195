"""Artifacts in an S3 that the site has in place of MinIO."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator

import boto3
import pytest

from conftest import free_port
from servers import Server, running_server, start_run

ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts"
# The environment of components/s3/site-store.ts.
REGION = "north-1"
SITE = {
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
    "AWS_RESPONSE_CHECKSUM_VALIDATION": "when_required",
    "AWS_ACCESS_KEY_ID": "site-access-key",
    "AWS_SECRET_ACCESS_KEY": "site-secret-key",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A server that checks signatures and regions, with the bucket `company`."""
    binary = os.environ.get("VERSITYGW") or shutil.which("versitygw")
    if not binary:
        pytest.skip("needs an S3 server that is not MinIO: versitygw on PATH or in $VERSITYGW")
    home = tmp_path_factory.mktemp("site")
    for folder in ("objects/company", "metadata"):
        (home / folder).mkdir(parents=True)
    environment = {**SITE, "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{(port := free_port())}"}
    keys = {"ROOT_ACCESS_KEY": SITE["AWS_ACCESS_KEY_ID"], "ROOT_SECRET_KEY": SITE["AWS_SECRET_ACCESS_KEY"]}
    command = [binary, "--port", f"127.0.0.1:{port}", "--region", REGION, "--quiet"]
    command += ["posix", "--sidecar", str(home / "metadata"), str(home / "objects")]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **keys}, stdout=log, stderr=subprocess.STDOUT)
    time.sleep(1)
    assert process.poll() is None, (home / "log").read_text()
    yield environment
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="module")
def server(site: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("server")
    with running_server(home, "s3://company/teams/ml/mlflow/artifacts", **site) as started:
        yield started


def test_artifacts_are_stored_listed_read_and_deleted(server: Server, site: dict[str, str]) -> None:
    run = start_run(server, "alice", "site")
    path = run["artifact_uri"].partition("mlflow-artifacts:/")[2].lstrip("/")
    # More than one part of an upload.
    content = os.urandom(20 * 2**20)
    assert server.call("alice", "PUT", f"{ARTIFACTS}/{path}/model/weights.bin", content).status_code == 200
    listed = server.ask("alice", "GET", f"/api/2.0/mlflow/artifacts/list?run_id={run['run_id']}&path=model")
    files = [(file["path"], file["file_size"]) for file in listed["files"]]
    assert files == [("model/weights.bin", len(content))]
    assert server.call("alice", "GET", f"{ARTIFACTS}/{path}/model/weights.bin").content == content
    client = boto3.client(
        "s3",
        endpoint_url=site["AWS_ENDPOINT_URL_S3"],
        region_name=REGION,
        aws_access_key_id=site["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=site["AWS_SECRET_ACCESS_KEY"],
    )
    stored = client.list_objects_v2(Bucket="company")["Contents"]
    assert [entry["Key"] for entry in stored] == [f"teams/ml/mlflow/artifacts/{path}/model/weights.bin"]
    assert server.call("alice", "DELETE", f"{ARTIFACTS}/{path}/model/weights.bin").status_code == 200
    assert client.list_objects_v2(Bucket="company").get("KeyCount") == 0
