"""Buckets, users and their policies on a MinIO server.

A client's policy carries its name and is the only one of its users, so that
what a user may reach is exactly what the spec says. Access keys are random and
as secret as the secrets: nothing here prints one.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import urllib3
from minio import Minio, MinioAdmin
from minio.credentials.providers import StaticProvider
from minio.error import MinioAdminException, MinioException, S3Error

from provision.errors import NotReadyError, ProvisionError, innermost_reason
from provision.minio_bucket import apply_bucket, refuse_foreign
from provision.minio_policy import policy
from provision.minio_spec import Spec, User
from provision.spec import load
from provision.wait import wait_for


def run(spec: Path, timeout_seconds: float) -> None:
    with _administrator(load(spec, Spec), timeout_seconds) as (wanted, client, admin):
        for bucket in wanted.buckets:
            print(f"bucket {bucket.name}: {apply_bucket(client, bucket, wanted.sign)}", flush=True)
        for user in wanted.users:
            print(f"user of {user.policy}: {apply_user(admin, wanted, user)}", flush=True)


def retire(spec: Path, timeout_seconds: float) -> None:
    """Removes the clients' users but those of the spec, and the policies of named users."""
    with _administrator(load(spec, Spec), timeout_seconds) as (wanted, _, admin):
        users, policies = json.loads(admin.user_list()), json.loads(admin.policy_list())
        for user in wanted.users:
            others = other_users(user, users)
            for name in others:
                admin.user_remove(name)
            for name in sorted(policies):
                if of_named_user(user.policy, name):
                    admin.policy_remove(name)
            said = f"{len(others)} of other generations removed" if others else "the only one of its client"
            print(f"user of {user.policy}: {said}", flush=True)


def other_users(user: User, present: dict[str, dict[str, str]]) -> list[str]:
    """Who else is a user of the same client: its policy, or a policy of a named user, says so."""

    def belongs(name: str, info: dict[str, str]) -> bool:
        policies = [*info.get("policyName", "").split(","), name]
        return any(one == user.policy or of_named_user(user.policy, one) for one in policies)

    return sorted(name for name, info in present.items() if name != user.access_key and belongs(name, info))


def of_named_user(policy_name: str, name: str) -> bool:
    """Access keys were names once, `mlops-CLIENT_gN`, and each such user had a policy of that name."""
    return re.fullmatch(rf"{re.escape(policy_name)}_g[0-9]+", name) is not None


@contextmanager
def _administrator(wanted: Spec, timeout_seconds: float) -> Iterator[tuple[Spec, Minio, MinioAdmin]]:
    """The server as its administrator sees it, once it answers; ends where a bucket is another platform's."""
    client = _client(wanted, wanted.access_key, wanted.secret_key)
    wait_for(f"MinIO at {wanted.host}", lambda: check_ready(client, wanted), timeout_seconds)
    admin = MinioAdmin(
        endpoint=wanted.host,
        credentials=StaticProvider(wanted.access_key, wanted.secret_key),
        secure=wanted.secure,
        http_client=_http(retries=3),
    )
    with _refusals(wanted.host):
        refuse_foreign(client, wanted.host, wanted.buckets, wanted.sign)
        yield wanted, client, admin


def check_ready(client: Minio, wanted: Spec) -> None:
    try:
        client.list_buckets()
    except S3Error as error:
        if error.code in ("InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied"):
            raise ProvisionError(
                f"MinIO at {wanted.host} rejects the administrator ({error.code}); "
                "check the files that accessKeyFile and secretKeyFile name"
            ) from error
        raise NotReadyError(f"{error.code}: {error.message}") from error
    # A server that is starting, or something else on its port, answers without S3's XML.
    except (urllib3.exceptions.HTTPError, MinioException) as error:
        raise NotReadyError(innermost_reason(error)) from error


def apply_user(admin: MinioAdmin, wanted: Spec, user: User) -> str:
    """Makes the policy, the user with its secret, and ties the two; says what was done."""
    done = []
    document = policy(user.access)
    if _normal(_absent_as_none(lambda: admin.policy_info(user.policy))) != _normal(document):
        admin.policy_add(user.policy, policy=document)
        done.append("policy set")
    info = _absent_as_none(lambda: admin.user_info(user.access_key))
    if info is None or info.get("status") != "enabled" or not _logs_in(wanted, user):
        admin.user_add(user.access_key, user.secret_key)
        done.append("created" if info is None else "password set")
    attached = {name for name in (info or {}).get("policyName", "").split(",") if name}
    if user.policy not in attached:
        admin.attach_policy([user.policy], user=user.access_key)
        done.append("policy attached")
    if others := sorted(attached - {user.policy}):
        admin.detach_policy(others, user=user.access_key)
        done.append(f"detached {', '.join(others)}")
    return ", ".join(done) or "unchanged"


def _normal(document: Any) -> Any:
    """A policy in one order: the server sorts the lists, and keeps a statement once."""
    if isinstance(document, dict):
        return {key: _normal(value) for key, value in sorted(document.items())}
    if isinstance(document, list):
        return sorted({json.dumps(_normal(value)) for value in document})
    return document


def _logs_in(wanted: Spec, user: User) -> bool:
    """Whether the secret is right: a right one is answered, if only with AccessDenied."""
    try:
        _client(wanted, user.access_key, user.secret_key).list_buckets()
    except S3Error as error:
        return error.code == "AccessDenied"
    return True


def _client(wanted: Spec, access_key: str, secret_key: str) -> Minio:
    # The wait repeats by itself and shows the reason, so no request hides retries.
    return Minio(
        endpoint=wanted.host,
        access_key=access_key,
        secret_key=secret_key,
        secure=wanted.secure,
        http_client=_http(retries=0),
    )


def _http(*, retries: int) -> urllib3.PoolManager:
    return urllib3.PoolManager(
        timeout=urllib3.Timeout(connect=5, read=30),
        retries=urllib3.Retry(retries, backoff_factor=0.5) if retries else False,
    )


def _absent_as_none(ask: Any) -> Any:
    try:
        return json.loads(ask())
    except MinioAdminException as error:
        if _admin_error(error)["Code"] in ("XMinioAdminNoSuchUser", "XMinioAdminNoSuchPolicy"):
            return None
        raise


def _admin_error(error: MinioAdminException) -> dict[str, str]:
    """Code and message, which the library leaves as JSON inside its own text."""
    _, _, body = str(error).partition("Body: ")
    try:
        answer = json.loads(body)
        return {"Code": str(answer["Code"]), "Message": str(answer["Message"])}
    except (ValueError, TypeError, KeyError):
        return {"Code": "unknown", "Message": str(error)[:200]}


@contextmanager
def _refusals(host: str) -> Iterator[None]:
    """Turns the server's errors into sentences."""
    try:
        yield
    except MinioAdminException as error:
        answer = _admin_error(error)
        raise ProvisionError(f"MinIO at {host} says {answer['Code']}: {answer['Message']}") from error
    except S3Error as error:
        raise ProvisionError(f"MinIO at {host} says {error.code}: {error.message}") from error
    except (urllib3.exceptions.HTTPError, MinioException) as error:
        raise ProvisionError(f"MinIO at {host} went away: {innermost_reason(error)}") from error
