"""What `provision minio` is told: the server, its buckets, and who may reach what."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from provision.errors import ProvisionError
from provision.sign import Sign, read_sign
from provision.spec import Table, refuse_duplicates

BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
# The server's limits; those above, 20 and 40, hold for keys that it generates and for service accounts alone.
MIN_ACCESS_KEY_LENGTH = 3
MIN_SECRET_LENGTH = 8
# A client of such a name would replace the policy that the server ships under it.
BUILT_IN_POLICIES = ("consoleAdmin", "diagnostics", "readonly", "readwrite", "writeonly")


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
    policy: str
    """Names the client: each generation of its users carries this policy and no other."""
    access_key: str
    secret_key: str
    access: tuple[Access, ...]
    """Empty for the user who reads the server's metrics."""


@dataclass(frozen=True)
class Spec:
    host: str
    secure: bool
    access_key: str
    secret_key: str
    sign: Sign | None
    buckets: list[Bucket]
    users: list[User]


def read(spec: Table) -> Spec:
    endpoint = urlsplit(spec.text("endpoint"))
    if endpoint.scheme not in ("http", "https") or not endpoint.hostname or endpoint.path not in ("", "/"):
        raise spec.wrong("endpoint", "an http:// or https:// URL without a path")
    access_key, secret_key = spec.secret("accessKeyFile"), spec.secret("secretKeyFile")
    platform = spec.optional_table("platform")
    buckets = [_read_bucket(entry) for entry in spec.tables("buckets")]
    users = [_read_user(entry) for entry in spec.tables("users")]
    wanted = Spec(
        endpoint.netloc,
        endpoint.scheme == "https",
        access_key,
        secret_key,
        None if platform is None else read_sign(platform),
        buckets,
        users,
    )
    spec.close()
    refuse_duplicates(spec.where, "bucket", [bucket.name for bucket in buckets])
    refuse_duplicates(spec.where, "user", [user.policy for user in users])
    keys = [access_key, *(user.access_key for user in users)]
    if len(set(keys)) < len(keys):
        raise ProvisionError(f"{spec.where} gives two users one key, where each needs its own accessKeyFile")
    return wanted


def _read_bucket(entry: Table) -> Bucket:
    bucket = Bucket(entry.text("name"), entry.flag("versioned"), entry.optional_count("expireDays"))
    if not BUCKET_NAME.fullmatch(bucket.name):
        raise entry.wrong("name", "a bucket name (3 to 63 of a-z, 0-9 and -)")
    entry.close()
    return bucket


def _read_user(entry: Table) -> User:
    reads_metrics = entry.flag("metrics")
    user = User(
        policy=entry.text("name"),
        access_key=entry.secret("accessKeyFile"),
        secret_key=entry.secret("secretKeyFile"),
        access=tuple(_read_access(access) for access in entry.tables("access")),
    )
    entry.close()
    if user.policy in BUILT_IN_POLICIES:
        raise entry.wrong("name", f"a name other than {', '.join(BUILT_IN_POLICIES)}")
    for key, value, least in (
        ("accessKeyFile", user.access_key, MIN_ACCESS_KEY_LENGTH),
        ("secretKeyFile", user.secret_key, MIN_SECRET_LENGTH),
    ):
        if len(value) < least:
            raise ProvisionError(
                f"{entry.where}: {key} holds {len(value)} characters, MinIO needs {least} or more"
            )
    if reads_metrics == bool(user.access):
        raise entry.wrong("access", "at least one bucket, or none together with metrics: true")
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
