"""Buckets, users and their policies on a MinIO server.

A user's policy carries the user's name and is the only one attached to it, so
that what a user may reach is exactly what the spec says.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import urllib3
from minio import Minio, MinioAdmin
from minio.commonconfig import ENABLED, Filter
from minio.credentials.providers import StaticProvider
from minio.error import MinioAdminException, MinioException, S3Error
from minio.lifecycleconfig import Expiration, LifecycleConfig, NoncurrentVersionExpiration, Rule
from minio.versioningconfig import SUSPENDED, VersioningConfig

from provision.errors import NotReadyError, ProvisionError
from provision.spec import Table, refuse_duplicates
from provision.wait import wait_for

BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
# The server's limits; those above, 20 and 40, hold for keys that it generates and for service accounts alone.
MIN_USER_NAME_LENGTH = 3
MIN_SECRET_LENGTH = 8
# A user of such a name would replace the policy that the server ships under it.
BUILT_IN_POLICIES = ("consoleAdmin", "diagnostics", "readonly", "readwrite", "writeonly")
# What a client's user of one generation is called.
GENERATION = re.compile(r"(.+)_g[0-9]+")
# Only the rule of this name is ours: rules that an operator added stay.
EXPIRY_RULE = "provision-expire"

READ_OBJECTS = ["s3:GetObject"]
WRITE_OBJECTS = [
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:GetObject",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
]


@dataclass(frozen=True)
class Bucket:
    name: str
    versioned: bool
    expire_days: int | None


@dataclass(frozen=True)
class Access:
    bucket: str
    prefix: str
    """Empty for the whole bucket, else a folder that ends in "/"."""
    writes: bool


@dataclass(frozen=True)
class User:
    name: str
    secret_key: str
    access: tuple[Access, ...]


@dataclass(frozen=True)
class Spec:
    host: str
    secure: bool
    access_key: str
    secret_key: str
    buckets: list[Bucket]
    users: list[User]


def run(spec: Table, timeout_seconds: float) -> None:
    with _administrator(read(spec), timeout_seconds) as (wanted, client, admin):
        for bucket in wanted.buckets:
            print(f"bucket {bucket.name}: {apply_bucket(client, bucket)}", flush=True)
        for user in wanted.users:
            print(f"user {user.name}: {apply_user(admin, wanted, user)}", flush=True)


def retire(spec: Table, timeout_seconds: float) -> None:
    """Removes the users of other generations than the spec's, with their policies."""
    with _administrator(read(spec), timeout_seconds) as (wanted, _, admin):
        present = set(json.loads(admin.user_list()))
        for user in wanted.users:
            others = sorted(other_generations(user.name, present))
            for name in others:
                admin.user_remove(name)
                admin.policy_remove(name)
                print(f"user {name}: removed", flush=True)
            if not others:
                print(f"user {user.name}: the only one of its client", flush=True)


def other_generations(name: str, present: set[str]) -> set[str]:
    """Users who differ from this one in the number of their generation alone, `NAME_gN`."""
    generation = GENERATION.fullmatch(name)
    if generation is None:
        return set()
    found = {one: GENERATION.fullmatch(one) for one in present - {name}}
    return {one for one, other in found.items() if other is not None and other[1] == generation[1]}


@contextmanager
def _administrator(wanted: Spec, timeout_seconds: float) -> Iterator[tuple[Spec, Minio, MinioAdmin]]:
    """The server as its administrator sees it, once it answers."""
    client = _client(wanted, wanted.access_key, wanted.secret_key)
    wait_for(f"MinIO at {wanted.host}", lambda: check_ready(client, wanted), timeout_seconds)
    admin = MinioAdmin(
        endpoint=wanted.host,
        credentials=StaticProvider(wanted.access_key, wanted.secret_key),
        secure=wanted.secure,
        http_client=_http(retries=3),
    )
    with _refusals(wanted.host):
        yield wanted, client, admin


def read(spec: Table) -> Spec:
    endpoint = urlsplit(spec.text("endpoint"))
    if endpoint.scheme not in ("http", "https") or not endpoint.hostname or endpoint.path not in ("", "/"):
        raise spec.wrong("endpoint", "an http:// or https:// URL without a path")
    access_key, secret_key = spec.secret("accessKeyFile"), spec.secret("secretKeyFile")
    buckets = [_read_bucket(entry) for entry in spec.tables("buckets")]
    users = [_read_user(entry) for entry in spec.tables("users")]
    spec.close()
    refuse_duplicates(spec.where, "bucket", [bucket.name for bucket in buckets])
    refuse_duplicates(spec.where, "user", [access_key, *(user.name for user in users)])
    return Spec(endpoint.netloc, endpoint.scheme == "https", access_key, secret_key, buckets, users)


def _read_bucket(entry: Table) -> Bucket:
    bucket = Bucket(entry.text("name"), entry.flag("versioned"), entry.optional_count("expireDays"))
    if not BUCKET_NAME.fullmatch(bucket.name):
        raise entry.wrong("name", "a bucket name (3 to 63 of a-z, 0-9 and -)")
    entry.close()
    return bucket


def _read_user(entry: Table) -> User:
    user = User(
        name=entry.text("name"),
        secret_key=entry.secret("secretKeyFile"),
        access=tuple(_read_access(access) for access in entry.tables("access")),
    )
    entry.close()
    if len(user.name) < MIN_USER_NAME_LENGTH or user.name in BUILT_IN_POLICIES:
        raise entry.wrong("name", f"a name of 3 or more characters other than {', '.join(BUILT_IN_POLICIES)}")
    if len(user.secret_key) < MIN_SECRET_LENGTH:
        raise ProvisionError(
            f"{entry.where}: secretKeyFile holds {len(user.secret_key)} characters, MinIO needs 8 or more"
        )
    if not user.access:
        raise entry.wrong("access", "at least one bucket")
    return user


def _read_access(entry: Table) -> Access:
    prefix = entry.text_or_empty("prefix").strip("/")
    # In a policy these are wildcards or variables, which would widen the access silently.
    if any(character in prefix for character in '*?$"\\'):
        raise entry.wrong("prefix", 'a folder without * ? $ " or \\')
    access = Access(
        bucket=entry.text("bucket"),
        prefix=f"{prefix}/" if prefix else "",
        writes=entry.choice("mode", ("readWrite", "readOnly")) == "readWrite",
    )
    if not BUCKET_NAME.fullmatch(access.bucket):
        raise entry.wrong("bucket", "a bucket name (3 to 63 of a-z, 0-9 and -)")
    entry.close()
    return access


def check_ready(client: Minio, wanted: Spec) -> None:
    try:
        client.list_buckets()
    except S3Error as error:
        if error.code in ("InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied"):
            raise ProvisionError(
                f"MinIO at {wanted.host} refuses the administrator ({error.code}); "
                "check the files that accessKeyFile and secretKeyFile name"
            ) from error
        raise NotReadyError(f"{error.code}: {error.message}") from error
    # A server that is starting, or something else on its port, answers without S3's XML.
    except (urllib3.exceptions.HTTPError, MinioException) as error:
        raise NotReadyError(_reason(error)) from error


def apply_bucket(client: Minio, bucket: Bucket) -> str:
    """Creates the bucket and sets versioning and expiry; says what was done."""
    done = []
    if not client.bucket_exists(bucket_name=bucket.name):
        client.make_bucket(bucket_name=bucket.name)
        done.append("created")
    is_versioned = client.get_bucket_versioning(bucket_name=bucket.name).status == ENABLED
    if is_versioned != bucket.versioned:
        # A bucket that once had versions can only be suspended.
        status = ENABLED if bucket.versioned else SUSPENDED
        client.set_bucket_versioning(bucket_name=bucket.name, config=VersioningConfig(status))
        done.append(f"versioning {status.lower()}")
    if _apply_expiry(client, bucket):
        done.append(f"expires after {bucket.expire_days} days" if bucket.expire_days else "expiry removed")
    return ", ".join(done) or "unchanged"


def _apply_expiry(client: Minio, bucket: Bucket) -> bool:
    """Sets, changes or removes our own lifecycle rule; says whether anything changed."""
    config = client.get_bucket_lifecycle(bucket_name=bucket.name)
    rules = config.rules if config else []
    present = [rule for rule in rules if rule.rule_id == EXPIRY_RULE]
    wanted = [] if bucket.expire_days is None else [expiry_rule(bucket.expire_days)]
    if [_days(rule) for rule in present] == [_days(rule) for rule in wanted]:
        return False
    kept = [rule for rule in rules if rule.rule_id != EXPIRY_RULE]
    if kept or wanted:
        client.set_bucket_lifecycle(bucket_name=bucket.name, config=LifecycleConfig([*kept, *wanted]))
    else:
        client.delete_bucket_lifecycle(bucket_name=bucket.name)
    return True


def expiry_rule(days: int) -> Rule:
    """Expires objects and, where a bucket keeps versions, what they replaced."""
    return Rule(
        ENABLED,
        rule_filter=Filter(prefix=""),
        rule_id=EXPIRY_RULE,
        expiration=Expiration(days=days),
        noncurrent_version_expiration=NoncurrentVersionExpiration(noncurrent_days=days),
    )


def _days(rule: Rule) -> tuple[str, int | None]:
    return rule.status, rule.expiration.days if rule.expiration else None


def apply_user(admin: MinioAdmin, wanted: Spec, user: User) -> str:
    """Makes the policy, the user with its secret, and ties the two; says what was done."""
    done = []
    document = policy(user.access)
    if _normal(_absent_as_none(lambda: admin.policy_info(user.name))) != _normal(document):
        admin.policy_add(user.name, policy=document)
        done.append("policy set")
    info = _absent_as_none(lambda: admin.user_info(user.name))
    if info is None or info.get("status") != "enabled" or not _logs_in(wanted, user):
        admin.user_add(user.name, user.secret_key)
        done.append("created" if info is None else "password set")
    attached = {name for name in (info or {}).get("policyName", "").split(",") if name}
    if user.name not in attached:
        admin.attach_policy([user.name], user=user.name)
        done.append("policy attached")
    if others := sorted(attached - {user.name}):
        admin.detach_policy(others, user=user.name)
        done.append(f"detached {', '.join(others)}")
    return ", ".join(done) or "unchanged"


def policy(accesses: tuple[Access, ...]) -> dict[str, Any]:
    """The statements that allow exactly these accesses.

    A listing is bound to the prefix, "folder/" included, so that one project
    does not see the names of another whose name begins alike.
    """
    statements: list[dict[str, Any]] = []
    for access in accesses:
        bucket = f"arn:aws:s3:::{access.bucket}"
        listing: dict[str, Any] = {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": [bucket]}
        if access.prefix:
            listing["Condition"] = {"StringLike": {"s3:prefix": [access.prefix, f"{access.prefix}*"]}}
        statements += [
            {"Effect": "Allow", "Action": ["s3:GetBucketLocation"], "Resource": [bucket]},
            listing,
            {
                "Effect": "Allow",
                "Action": WRITE_OBJECTS if access.writes else READ_OBJECTS,
                "Resource": [f"{bucket}/{access.prefix}*"],
            },
        ]
    return {"Version": "2012-10-17", "Statement": statements}


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
        _client(wanted, user.name, user.secret_key).list_buckets()
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
        raise ProvisionError(f"MinIO at {host} went away: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """The innermost reason, without the library's layers of retries."""
    reason = getattr(error, "reason", None)
    return _reason(reason) if isinstance(reason, Exception) else " ".join(str(error).split())[:200]
