"""Artifacts in an S3 that the site has in place of MinIO."""

import os
from collections.abc import Iterator

import boto3
import pytest
from other_s3 import other_s3

from servers import Server, running_server, start_run

ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with other_s3(tmp_path_factory.mktemp("site")) as environment:
        yield environment


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
        region_name=site["AWS_REGION"],
        aws_access_key_id=site["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=site["AWS_SECRET_ACCESS_KEY"],
    )
    stored = client.list_objects_v2(Bucket="company")["Contents"]
    assert [entry["Key"] for entry in stored] == [f"teams/ml/mlflow/artifacts/{path}/model/weights.bin"]
    assert server.call("alice", "DELETE", f"{ARTIFACTS}/{path}/model/weights.bin").status_code == 200
    assert client.list_objects_v2(Bucket="company").get("KeyCount") == 0
