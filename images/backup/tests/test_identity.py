"""With an identity that reaches the backups' prefix and nothing else of the bucket, as the platform gives it."""

import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from minio import Minio, MinioAdmin
from minio.credentials.providers import StaticProvider

from conftest import Run, Server, free_port
from content import fill

ROOT = {"MINIO_ROOT_USER": "root-user", "MINIO_ROOT_PASSWORD": "root-password"}
BUCKET = "arn:aws:s3:::mlops"
# What images/provision gives a client of the prefix.
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["s3:GetBucketLocation"], "Resource": [BUCKET]},
        {
            "Effect": "Allow",
            "Action": ["s3:ListBucket"],
            "Resource": [BUCKET],
            "Condition": {"StringLike": {"s3:prefix": ["backups/", "backups/*"]}},
        },
        {
            "Effect": "Allow",
            "Action": [
                "s3:AbortMultipartUpload",
                "s3:DeleteObject",
                "s3:GetObject",
                "s3:ListMultipartUploadParts",
                "s3:PutObject",
            ],
            "Resource": [f"{BUCKET}/backups/*"],
        },
    ],
}


@pytest.fixture
def minio(tmp_path: Path) -> Iterator[str]:
    """A server with the bucket and the identity; yields its host."""
    binary = os.environ.get("MINIO_BINARY") or shutil.which("minio")
    if not binary:
        pytest.skip("needs MinIO's server: a binary named minio on PATH or in $MINIO_BINARY")
    host = f"127.0.0.1:{free_port()}"
    environment = {**os.environ, **ROOT, "HOME": str(tmp_path), "MINIO_BROWSER": "off", "MINIO_UPDATE": "off"}
    command = [binary, "server", str(tmp_path / "data"), "--address", host, "--quiet"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not _answers(f"http://{host}/minio/health/ready"):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail("MinIO did not start")
            time.sleep(0.2)
        user, password = ROOT.values()
        Minio(host, access_key=user, secret_key=password, secure=False).make_bucket("mlops")
        admin = MinioAdmin(endpoint=host, credentials=StaticProvider(user, password), secure=False)
        policy = tmp_path / "policy.json"
        policy.write_text(json.dumps(POLICY))
        admin.policy_add("backup", policy_file=str(policy))
        admin.user_add("mlops-backup", "backup-secret")
        admin.attach_policy(["backup"], user="mlops-backup")
        yield host
    finally:
        process.terminate()
        process.wait(20)


def test_every_command_works_with_the_prefix_alone(
    source: Server, target: Server, minio: str, run: Run, tmp_path: Path
) -> None:
    for server in (source, target):
        server.provision("airflow", "mlflow")
    fill(source)
    identity = {
        "AWS_ENDPOINT_URL_S3": f"http://{minio}",
        "AWS_ACCESS_KEY_ID": "mlops-backup",
        "AWS_SECRET_ACCESS_KEY": "backup-secret",
        "AWS_REGION": "us-east-1",
        "BACKUP_URI": "s3://mlops/backups",
    }
    empty = run("restore", server=source, **identity)
    assert (empty.code, "has no complete backup" in empty.error) == (2, True)
    assert run("list").lines == []
    made = run("run")
    assert (made.code, made.error) == (0, "")
    assert run("verify").code == 0
    assert run("restore", server=target).code == 0
    outside = run("list", BACKUP_URI="s3://mlops/airflow")
    assert (outside.code, "cannot list s3://mlops/airflow: PermissionError" in outside.error) == (4, True)
    missing = run("restore", "2020-01-01T000000Z", BACKUP_URI="s3://mlops/backups")
    assert missing.code == 5
    assert run("copy", "s3://mlops/backups", f"file://{tmp_path}/disk").lines[0].startswith("copied 4 objects")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
