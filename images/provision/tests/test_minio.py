"""Policies as data; buckets, users and what they may reach on a real server."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from minio import Minio
from minio.credentials.providers import StaticProvider
from minio.error import S3Error
from minio.minioadmin import MinioAdmin

from conftest import MinioServer, Outcome, Workspace
from provision.minio_policy import policy
from provision.minio_spec import Access


def test_a_whole_bucket_is_one_listing_without_condition() -> None:
    assert policy([Access(bucket="airflow-logs", mode="readWrite")]) == {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Deny", "Action": ["admin:*"]},
            {
                "Effect": "Allow",
                "Action": ["s3:GetBucketLocation"],
                "Resource": ["arn:aws:s3:::airflow-logs"],
            },
            {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": ["arn:aws:s3:::airflow-logs"]},
            {
                "Effect": "Allow",
                "Action": [
                    "s3:AbortMultipartUpload",
                    "s3:DeleteObject",
                    "s3:GetObject",
                    "s3:ListMultipartUploadParts",
                    "s3:PutObject",
                ],
                "Resource": ["arn:aws:s3:::airflow-logs/*"],
            },
        ],
    }


def test_a_prefix_bounds_the_listing_and_the_objects() -> None:
    statements = policy([Access(bucket="projects", prefix="pageviews", mode="readOnly")])["Statement"]
    assert statements[2]["Condition"] == {"StringLike": {"s3:prefix": ["pageviews/", "pageviews/*"]}}
    assert statements[3] == {
        "Effect": "Allow",
        "Action": ["s3:GetObject"],
        "Resource": ["arn:aws:s3:::projects/pageviews/*"],
    }


class Platform:
    """A spec of the platform's shape, and the server as its users see it."""

    def __init__(self, server: MinioServer, workspace: Workspace) -> None:
        self.server, self._workspace = server, workspace
        names = ("airflow", "pageviews", "reader", "metrics")
        self.keys = {name: f"KEYOF{name.upper()}" for name in names}
        self.secrets = {name: f"{name}-secret" for name in names}

    def user(self, name: str, *access: dict[str, str], policy: str | None = None) -> dict[str, Any]:
        return {
            "name": policy or f"mlops-{name}",
            "accessKeyFile": self._workspace.secret(f"{name}-access", self.keys[name]),
            "secretKeyFile": self._workspace.secret(f"{name}-secret", self.secrets[name]),
            **({"access": list(access)} if access else {"metrics": True}),
        }

    def spec(self, **changes: Any) -> dict[str, Any]:
        return {
            "endpoint": self.server.endpoint,
            "accessKeyFile": self._workspace.secret("access", self.server.user),
            "secretKeyFile": self._workspace.secret("secret", self.server.password),
            "buckets": [
                {"name": "airflow-logs", "versioned": False, "expireDays": 30},
                {"name": "projects", "versioned": True, "expireDays": None},
            ],
            "users": [
                self.user("airflow", {"bucket": "airflow-logs", "prefix": "", "mode": "readWrite"}),
                self.user("pageviews", {"bucket": "projects", "prefix": "pageviews", "mode": "readWrite"}),
                self.user(
                    "reader",
                    {"bucket": "projects", "prefix": "/pageviews/", "mode": "readOnly"},
                    {"bucket": "airflow-logs", "prefix": "dag_id=a", "mode": "readOnly"},
                ),
                self.user("metrics"),
            ],
            **changes,
        }

    def run(self, **changes: Any) -> Outcome:
        outcome = self._workspace.run("minio", self.spec(**changes))
        assert outcome.error == ""
        assert outcome.code == 0
        return outcome

    def retire(self, **changes: Any) -> Outcome:
        outcome = self._workspace.run("minio", self.spec(**changes), "--retire")
        assert outcome.error == ""
        return outcome

    def as_user(self, name: str) -> Minio:
        return Minio(
            endpoint=self.server.host,
            access_key=self.keys[name],
            secret_key=self.secrets[name],
            secure=False,
            region="us-east-1",
        )

    def as_root(self) -> Minio:
        return Minio(
            endpoint=self.server.host,
            access_key=self.server.user,
            secret_key=self.server.password,
            secure=False,
        )

    def admin(self) -> MinioAdmin:
        return MinioAdmin(
            endpoint=self.server.host,
            credentials=StaticProvider(self.server.user, self.server.password),
            secure=False,
        )

    def named_user(self, name: str, prefix: str) -> None:
        """A user as the version before made it: its access key is its name and its policy's name."""
        bucket = "arn:aws:s3:::projects"
        everything = {"Effect": "Allow", "Action": ["s3:*"], "Resource": [f"{bucket}/{prefix}/*"]}
        self.admin().policy_add(name, policy={"Version": "2012-10-17", "Statement": [everything]})
        self.keys[name], self.secrets[name] = name, f"{name}-secret"
        self.admin().user_add(name, self.secrets[name])
        self.admin().attach_policy([name], user=name)


@pytest.fixture
def platform(minio_server: MinioServer, workspace: Workspace) -> Platform:
    return Platform(minio_server, workspace)


def put(client: Minio, bucket: str, name: str) -> None:
    client.put_object(bucket_name=bucket, object_name=name, data=io.BytesIO(b"data"), length=4)


def names(client: Minio, bucket: str, prefix: str) -> list[str | None]:
    found = client.list_objects(bucket_name=bucket, prefix=prefix, recursive=True)
    return [one.object_name for one in found]


def denied(act: Callable[[], object]) -> bool:
    with pytest.raises(S3Error) as caught:
        act()
    return caught.value.code == "AccessDenied"


def test_first_run_creates_and_the_second_changes_nothing(platform: Platform) -> None:
    # Tests share the server, so the first of them meets it empty.
    assert platform.run().lines == [
        "bucket airflow-logs: created, expires after 30 days",
        "bucket projects: created, versioning enabled",
        "user of mlops-airflow: policy set, created, policy attached",
        "user of mlops-pageviews: policy set, created, policy attached",
        "user of mlops-reader: policy set, created, policy attached",
        "user of mlops-metrics: policy set, created, policy attached",
    ]
    assert platform.run().lines == [
        "bucket airflow-logs: unchanged",
        "bucket projects: unchanged",
        "user of mlops-airflow: unchanged",
        "user of mlops-pageviews: unchanged",
        "user of mlops-reader: unchanged",
        "user of mlops-metrics: unchanged",
    ]


def test_a_user_reaches_its_prefix_and_nothing_else(platform: Platform) -> None:
    platform.run()
    root, user = platform.as_root(), platform.as_user("pageviews")
    for name in ("pageviews/seed", "pageviews2/other", "root"):
        put(root, "projects", name)

    put(user, "projects", "pageviews/a/b.parquet")
    user.remove_object(bucket_name="projects", object_name="pageviews/a/b.parquet")
    assert names(user, "projects", "pageviews/") == ["pageviews/seed"]

    assert denied(lambda: names(user, "projects", ""))
    assert denied(lambda: names(user, "projects", "pageviews"))
    assert denied(lambda: names(user, "projects", "pageviews2/"))
    assert denied(lambda: put(user, "projects", "pageviews2/intruder"))
    assert denied(lambda: put(user, "projects", "intruder"))
    assert denied(lambda: put(user, "airflow-logs", "pageviews/intruder"))
    assert denied(lambda: user.get_object(bucket_name="projects", object_name="pageviews2/other"))
    assert denied(lambda: user.make_bucket(bucket_name="intruder"))
    assert denied(lambda: user.remove_bucket(bucket_name="projects"))
    assert denied(lambda: user.get_bucket_policy(bucket_name="projects"))
    assert [bucket.name for bucket in user.list_buckets()] in ([], ["projects"])


def test_an_object_that_is_not_there_is_missing_and_not_forbidden(platform: Platform) -> None:
    platform.run()
    for name in ("pageviews", "reader"):
        with pytest.raises(S3Error) as caught:
            platform.as_user(name).stat_object(bucket_name="projects", object_name="pageviews/nothing")
        assert caught.value.code == "NoSuchKey"


def test_a_reader_writes_nothing(platform: Platform) -> None:
    platform.run()
    put(platform.as_root(), "projects", "pageviews/seed")
    reader = platform.as_user("reader")
    assert reader.get_object(bucket_name="projects", object_name="pageviews/seed").data == b"data"
    assert denied(lambda: put(reader, "projects", "pageviews/intruder"))
    assert denied(lambda: reader.remove_object(bucket_name="projects", object_name="pageviews/seed"))


def test_multipart_uploads_are_allowed(platform: Platform) -> None:
    platform.run()
    size = 6 * 1024 * 1024
    platform.as_user("airflow").put_object(
        bucket_name="airflow-logs",
        object_name="large",
        data=io.BytesIO(bytes(size)),
        length=-1,
        part_size=5 * 1024 * 1024,
    )
    assert platform.as_root().stat_object(bucket_name="airflow-logs", object_name="large").size == size


def test_policies_are_narrowed_and_foreign_ones_detached(platform: Platform) -> None:
    platform.run()
    platform.admin().attach_policy(["readwrite"], user=platform.keys["pageviews"])
    platform.admin().policy_add(
        "mlops-pageviews",
        policy={
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": ["s3:*"], "Resource": ["arn:aws:s3:::*"]}],
        },
    )
    put(platform.as_user("pageviews"), "airflow-logs", "while-too-wide")
    assert "user of mlops-pageviews: policy set, detached readwrite" in platform.run().lines
    assert denied(lambda: put(platform.as_user("pageviews"), "airflow-logs", "intruder"))


def test_a_rotated_secret_is_set_and_a_disabled_user_enabled(platform: Platform) -> None:
    platform.run()
    before = platform.as_user("airflow")
    platform.secrets["airflow"] = "rotated-secret"
    assert "user of mlops-airflow: password set" in platform.run().lines
    put(platform.as_user("airflow"), "airflow-logs", "after")
    with pytest.raises(S3Error) as caught:
        put(before, "airflow-logs", "intruder")
    assert caught.value.code == "SignatureDoesNotMatch"
    platform.admin().user_disable(platform.keys["airflow"])
    assert "user of mlops-airflow: password set" in platform.run().lines
    put(platform.as_user("airflow"), "airflow-logs", "enabled")


def test_versioning_and_expiry_follow_the_spec(platform: Platform) -> None:
    platform.run()
    buckets = [
        {"name": "airflow-logs", "versioned": True, "expireDays": 7},
        {"name": "projects", "versioned": False, "expireDays": 1},
    ]
    assert platform.run(buckets=buckets).lines[:2] == [
        "bucket airflow-logs: versioning enabled, expires after 7 days",
        "bucket projects: versioning suspended, expires after 1 days",
    ]
    assert platform.run(buckets=buckets).lines[:2] == [
        "bucket airflow-logs: unchanged",
        "bucket projects: unchanged",
    ]
    assert platform.run().lines[:2] == [
        "bucket airflow-logs: versioning suspended, expires after 30 days",
        "bucket projects: versioning enabled, expiry removed",
    ]


def test_a_wrong_administrator_fails_at_once(platform: Platform, workspace: Workspace) -> None:
    outcome = workspace.run("minio", platform.spec(secretKeyFile=workspace.secret("wrong", "wrong-password")))
    assert outcome.code == 1
    assert outcome.error == (
        f"provision minio: MinIO at {platform.server.host} rejects the administrator"
        " (SignatureDoesNotMatch); check the files that accessKeyFile and secretKeyFile name"
    )


def test_no_secret_is_printed(platform: Platform) -> None:
    lines = "\n".join([*platform.run().lines, *platform.retire().lines])
    for secret in (platform.server.user, platform.server.password, *platform.secrets.values()):
        assert secret not in lines
    for key in platform.keys.values():
        assert key not in lines


def test_users_of_two_generations_reach_one_prefix_until_the_old_one_is_retired(platform: Platform) -> None:
    def team(number: int) -> dict[str, Any]:
        name = f"team{number}"
        platform.keys[name], platform.secrets[name] = f"KEYOFTEAM{number}", f"team-secret-{number}"
        access = {"bucket": "projects", "prefix": "team", "mode": "readWrite"}
        return platform.user(name, access, policy="mlops-team")

    # A client whose name begins alike keeps its user.
    platform.keys["team-b"], platform.secrets["team-b"] = "KEYOFTEAMB", "team-b-secret"
    other = platform.user("team-b", {"bucket": "projects", "prefix": "team-b", "mode": "readWrite"})
    platform.run(users=[team(1), other])
    put(platform.as_user("team1"), "projects", "team/old")
    platform.run(users=[team(2), other])
    put(platform.as_user("team1"), "projects", "team/still")
    assert names(platform.as_user("team2"), "projects", "team/") == ["team/old", "team/still"]
    assert platform.retire(users=[team(2), other]).lines == [
        "user of mlops-team: 1 of other generations removed",
        "user of mlops-team-b: the only one of its client",
    ]
    with pytest.raises(S3Error, match="InvalidAccessKeyId"):
        put(platform.as_user("team1"), "projects", "team/late")
    put(platform.as_user("team2"), "projects", "team/new")
    put(platform.as_user("team-b"), "projects", "team-b/new")


def test_a_named_user_of_the_version_before_works_until_it_is_retired(platform: Platform) -> None:
    for name, prefix in (
        ("mlops-pageviews_g1", "pageviews"),
        ("mlops-pageviews_g12", "pageviews"),
        ("mlops-pageviews-two_g1", "pageviews-two"),
    ):
        platform.named_user(name, prefix)
    platform.run()
    put(platform.as_user("mlops-pageviews_g1"), "projects", "pageviews/by-a-pod-that-runs")
    assert "user of mlops-pageviews: 2 of other generations removed" in platform.retire().lines
    for name in ("mlops-pageviews_g1", "mlops-pageviews_g12"):
        with pytest.raises(S3Error, match="InvalidAccessKeyId"):
            put(platform.as_user(name), "projects", "pageviews/late")
        assert name not in platform.admin().policy_list()
    put(platform.as_user("mlops-pageviews-two_g1"), "projects", "pageviews-two/other-client")
    put(platform.as_user("pageviews"), "projects", "pageviews/new")
    assert "user of mlops-pageviews: the only one of its client" in platform.retire().lines
