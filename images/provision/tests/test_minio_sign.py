"""A bucket carries the sign of the platform that it belongs to."""

from typing import Any

import pytest
from minio import Minio
from minio.commonconfig import Tags

from conftest import MinioServer, Outcome, Workspace
from provision.minio_bucket import PLATFORM_TAG

OURS = {"id": "0a1b2c3d4e5f6071", "stack": "acme/mlops/staging"}
THEIRS = {"id": "ffff000011112222", "stack": "acme/mlops/prod"}


class Store:
    def __init__(self, server: MinioServer, workspace: Workspace) -> None:
        self.client = Minio(server.host, access_key=server.user, secret_key=server.password, secure=False)
        self._server, self._workspace = server, workspace

    def run(self, bucket: str, sign: dict[str, str] | None, *options: str) -> Outcome:
        secret = self._workspace.secret
        user = {
            "name": f"of-{bucket}",
            "accessKeyFile": secret("user-access", f"KEYOF{bucket.upper()}"),
            "secretKeyFile": secret("user-secret", "user-secret"),
            "access": [{"bucket": bucket, "prefix": "", "mode": "readOnly"}],
        }
        spec: dict[str, Any] = {
            "endpoint": self._server.endpoint,
            "accessKeyFile": secret("access", self._server.user),
            "secretKeyFile": secret("secret", self._server.password),
            "platform": sign,
            "buckets": [{"name": bucket}],
            "users": [user],
        }
        return self._workspace.run("minio", spec, *options)

    def tags(self, bucket: str) -> dict[str, str]:
        return dict(self.client.get_bucket_tags(bucket_name=bucket) or {})


@pytest.fixture
def store(minio_server: MinioServer, workspace: Workspace) -> Store:
    return Store(minio_server, workspace)


def test_a_new_bucket_is_signed_and_its_own_platform_changes_nothing(store: Store) -> None:
    assert store.run("signed", OURS).lines[0] == "bucket signed: created, signed"
    assert store.tags("signed") == {"mlops-platform": OURS["id"], "mlops-stack": OURS["stack"]}
    assert store.run("signed", OURS).lines == ["bucket signed: unchanged", "user of of-signed: unchanged"]


def test_a_bucket_of_the_version_before_is_signed_and_keeps_its_tags(store: Store) -> None:
    store.client.make_bucket(bucket_name="unsigned")
    tags = Tags.new_bucket_tags()
    tags["cost-centre"] = "42"
    store.client.set_bucket_tags(bucket_name="unsigned", tags=tags)
    assert store.run("unsigned", OURS).lines[0] == "bucket unsigned: signed"
    assert store.tags("unsigned") == {
        "cost-centre": "42",
        "mlops-platform": OURS["id"],
        "mlops-stack": OURS["stack"],
    }


def test_a_stack_that_was_renamed_signs_again(store: Store) -> None:
    store.run("renamed", OURS)
    renamed = {**OURS, "stack": "acme/mlops/production"}
    assert store.run("renamed", renamed).lines[0] == "bucket renamed: signed"
    assert store.tags("renamed")["mlops-stack"] == "acme/mlops/production"


@pytest.mark.parametrize("options", [(), ("--retire",)])
def test_another_platforms_bucket_ends_the_run_and_nothing_is_changed(
    store: Store, options: tuple[str, ...]
) -> None:
    bucket = f"theirs{len(options)}"
    store.client.make_bucket(bucket_name=bucket)
    tags = Tags.new_bucket_tags()
    tags[PLATFORM_TAG], tags["mlops-stack"] = THEIRS["id"], THEIRS["stack"]
    store.client.set_bucket_tags(bucket_name=bucket, tags=tags)
    outcome = store.run(bucket, OURS, *options)
    assert (outcome.code, outcome.lines) == (1, [])
    assert outcome.error == (
        f"provision minio: the bucket {bucket} on MinIO at {store._server.host} belongs to the platform "
        "ffff000011112222 (stack acme/mlops/prod) and not to 0a1b2c3d4e5f6071 (stack acme/mlops/staging), "
        "so nothing was changed: set platformId to ffff000011112222 if this stack continues "
        "that platform, otherwise another namespace"
    )
    assert store.tags(bucket)[PLATFORM_TAG] == THEIRS["id"]
    assert store.run(bucket, THEIRS).lines == [
        f"bucket {bucket}: unchanged",
        f"user of of-{bucket}: policy set, created, policy attached",
    ]
