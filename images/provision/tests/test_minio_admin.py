"""The server's administration is closed to its users, and its metrics are open to one of them alone."""

import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from minio import Minio
from minio.credentials.providers import AssumeRoleProvider, StaticProvider
from minio.error import MinioAdminException, S3Error
from minio.minioadmin import MinioAdmin

from conftest import MinioServer
from test_minio import Platform, platform, put

__all__ = ["platform"]

METRICS = (
    "/minio/v2/metrics/cluster",
    "/minio/v2/metrics/bucket",
    "/minio/v2/metrics/node",
    "/minio/metrics/v3",
)


def admin_of(platform: Platform, name: str) -> MinioAdmin:
    credentials = StaticProvider(platform.keys[name], platform.secrets[name])
    return MinioAdmin(endpoint=platform.server.host, credentials=credentials, secure=False)


# What a user may ask of the administration, by name of what it would get.
ATTEMPTS: dict[str, Callable[[MinioAdmin, str], Any]] = {
    "another secret of its own": lambda admin, key: admin.user_add(key, "chosen-by-itself"),
    "another user": lambda admin, _: admin.user_add("intruder", "intruder-secret"),
    "its own description": lambda admin, key: admin.user_info(key),
    "another's description": lambda admin, _: admin.user_info("KEYOFAIRFLOW"),
    "the list of users": lambda admin, _: admin.user_list(),
    "a service account": lambda admin, _: admin.add_service_account(),
    "a service account with a name": lambda admin, _: admin.add_service_account(
        access_key="intruder", secret_key="intruder-secret"
    ),
    "another's service accounts": lambda admin, _: admin.list_service_account("KEYOFAIRFLOW"),
    "a service account of another": lambda admin, _: admin.get_service_account("service-account"),
    "a change of it": lambda admin, _: admin.update_service_account(
        access_key="service-account", secret_key="chosen-secret"
    ),
    "its end": lambda admin, _: admin.delete_service_account("service-account"),
    "a policy": lambda admin, _: admin.policy_info("mlops-airflow"),
    "the list of policies": lambda admin, _: admin.policy_list(),
    "a policy of its own": lambda admin, _: admin.policy_add("intruder", policy={"Statement": []}),
    "a wider policy": lambda admin, key: admin.attach_policy(["readwrite"], user=key),
    "the server's description": lambda admin, _: admin.info(),
    "a quota that is set": lambda admin, _: admin.bucket_quota_get("projects"),
    "another configuration": lambda admin, _: admin.config_set("api", {"requests_max": "1"}),
    "a restart": lambda admin, _: admin.service_restart(),
    "a quota": lambda admin, _: admin.bucket_quota_set("projects", 1),
}


@pytest.mark.parametrize("name", ["pageviews", "reader", "metrics"])
def test_a_user_gets_nothing_of_the_administration(platform: Platform, name: str) -> None:
    platform.run()
    if "service-account" not in platform.admin().list_service_account(platform.server.user):
        platform.admin().add_service_account(access_key="service-account", secret_key="secret-of-it")
    admin, key = admin_of(platform, name), platform.keys[name]
    assert {attempt: answer(lambda: act(admin, key)) for attempt, act in ATTEMPTS.items()} == {  # noqa: B023
        **dict.fromkeys(ATTEMPTS, "AccessDenied"),
        # Somebody else's is as good as none.
        "its end": "XMinioInvalidIAMCredentials",
    }
    # The list of its own service accounts is the one that the server refuses to nobody: it is empty.
    assert not json.loads(admin.list_service_account(key))["accounts"]
    assert "service-account" in platform.admin().list_service_account(platform.server.user)
    assert [line for line in platform.run().lines if not line.endswith(": unchanged")] == []


def answer(ask: Callable[[], Any]) -> str:
    try:
        return f"taken: {ask()}"
    except MinioAdminException as error:
        return str(json.loads(str(error).partition("Body: ")[2])["Code"])


def test_temporary_credentials_reach_no_more_than_their_user_and_end_with_it(platform: Platform) -> None:
    platform.run()
    provider = AssumeRoleProvider(
        sts_endpoint=platform.server.endpoint,
        access_key=platform.keys["pageviews"],
        secret_key=platform.secrets["pageviews"],
        duration_seconds=7 * 86_400,
    )
    temporary = Minio(platform.server.host, credentials=provider, secure=False, region="us-east-1")
    put(temporary, "projects", "pageviews/by-temporary-credentials")
    with pytest.raises(S3Error, match="AccessDenied"):
        put(temporary, "projects", "intruder")
    with pytest.raises(MinioAdminException, match="AccessDenied"):
        MinioAdmin(endpoint=platform.server.host, credentials=provider, secure=False).add_service_account()
    platform.keys["pageviews"] = "KEYOFTHENEXTGENERATION"
    platform.run()
    platform.retire()
    with pytest.raises(S3Error, match=r"AccessDenied|InvalidAccessKeyId"):
        put(temporary, "projects", "pageviews/late")


def token(access_key: str, secret_key: str) -> str:
    """As components/minio/minio-metrics.ts makes it."""

    def encode(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).decode().rstrip("=")

    def text(part: dict[str, Any]) -> bytes:
        return json.dumps(part, separators=(",", ":")).encode()

    header, claims = (
        {"alg": "HS512", "typ": "JWT"},
        {"exp": 4102444800, "sub": access_key, "iss": "prometheus"},
    )
    signed = f"{encode(text(header))}.{encode(text(claims))}"
    return f"{signed}.{encode(hmac.digest(secret_key.encode(), signed.encode(), hashlib.sha512))}"


def test_the_token_is_the_programs() -> None:
    # tests/minio/minio-metrics.test.ts has the same one.
    assert token("KEYOFMETRICS", "metrics-secret") == (
        "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9"
        ".eyJleHAiOjQxMDI0NDQ4MDAsInN1YiI6IktFWU9GTUVUUklDUyIsImlzcyI6InByb21ldGhldXMifQ"
        ".pBp75Av0WrJDCAVaOve6QD27ssEJ9aZXc3cZmLZNpldlATCDrvWZ0SKeoLtFou8hYJki0_nVF_szkRbrC4oUdg"
    )


def status(server: MinioServer, path: str, bearer: str = "") -> int:
    request = urllib.request.Request(f"{server.endpoint}{path}")  # noqa: S310
    if bearer:
        request.add_header("Authorization", f"Bearer {bearer}")
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize("path", METRICS)
def test_metrics_are_shown_to_the_user_of_the_metrics_alone(platform: Platform, path: str) -> None:
    platform.run()
    reader = token(platform.keys["metrics"], platform.secrets["metrics"])
    assert status(platform.server, path) == 403
    assert status(platform.server, path, reader) == 200
    assert status(platform.server, path, token(platform.keys["metrics"], "another secret")) == 403
    assert (
        status(platform.server, path, token(platform.keys["pageviews"], platform.secrets["pageviews"])) == 403
    )


def test_the_token_of_the_metrics_opens_nothing_else(platform: Platform) -> None:
    platform.run()
    reader = token(platform.keys["metrics"], platform.secrets["metrics"])
    for path in (
        "/",
        "/projects",
        "/projects/pageviews/seed",
        "/minio/admin/v3/info",
        "/minio/admin/v3/list-users",
        "/minio/kms/v1/status",
    ):
        assert status(platform.server, path, reader) in (400, 401, 403, 426), path


def test_the_user_of_the_metrics_reads_no_object(platform: Platform) -> None:
    platform.run()
    put(platform.as_root(), "projects", "pageviews/seed")
    user = platform.as_user("metrics")
    for act in (
        lambda: user.get_object(bucket_name="projects", object_name="pageviews/seed"),
        lambda: list(user.list_objects(bucket_name="projects")),
        lambda: put(user, "projects", "intruder"),
    ):
        with pytest.raises(S3Error, match="AccessDenied"):
            act()


def test_metrics_are_complete_for_their_user(platform: Platform) -> None:
    platform.run()
    bearer = token(platform.keys["metrics"], platform.secrets["metrics"])
    deadline, text = time.monotonic() + 30, ""
    while "minio_cluster_health_status" not in text and time.monotonic() < deadline:
        request = urllib.request.Request(f"{platform.server.endpoint}{METRICS[0]}")  # noqa: S310
        request.add_header("Authorization", f"Bearer {bearer}")
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            text = answer.read().decode()
    assert "minio_cluster_capacity_usable_free_bytes" in text
