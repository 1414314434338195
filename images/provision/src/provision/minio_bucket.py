"""Buckets of a MinIO server: whose they are, whether they keep versions, and when objects expire."""

from collections.abc import Iterable

from minio import Minio
from minio.commonconfig import ENABLED, Filter, Tags
from minio.lifecycleconfig import Expiration, LifecycleConfig, NoncurrentVersionExpiration, Rule
from minio.versioningconfig import SUSPENDED, VersioningConfig

from provision.errors import ProvisionError
from provision.minio_spec import Bucket
from provision.sign import Sign

# Only the rule of this name is ours: rules that an operator added stay.
EXPIRY_RULE = "provision-expire"
# Tags of a bucket that say whose it is; other tags stay.
PLATFORM_TAG = "mlops-platform"
STACK_TAG = "mlops-stack"


def refuse_foreign(client: Minio, host: str, buckets: Iterable[Bucket], sign: Sign | None) -> None:
    """Ends the run, before it has changed anything, where another platform has signed a bucket."""
    for bucket in buckets:
        found = sign_of(client, bucket)
        if sign is None or found is None or found.id == sign.id:
            continue
        raise ProvisionError(
            f"the bucket {bucket.name} on MinIO at {host} belongs to the platform {found.id} "
            f"(stack {found.stack}) and not to {sign.id} (stack {sign.stack}), so nothing was changed: "
            f"set platformId to {found.id} if this stack continues that platform, otherwise another namespace"
        )


def sign_of(client: Minio, bucket: Bucket) -> Sign | None:
    if not client.bucket_exists(bucket_name=bucket.name):
        return None
    tags: dict[str, str] = client.get_bucket_tags(bucket_name=bucket.name) or {}
    return Sign.found(tags[PLATFORM_TAG], tags.get(STACK_TAG, "unknown")) if PLATFORM_TAG in tags else None


def apply_bucket(client: Minio, bucket: Bucket, sign: Sign | None) -> str:
    """Creates the bucket, signs it, and sets versioning and expiry; says what was done."""
    done = []
    if not client.bucket_exists(bucket_name=bucket.name):
        client.make_bucket(bucket_name=bucket.name)
        done.append("created")
    if sign is not None and sign_of(client, bucket) != sign:
        others: dict[str, str] = client.get_bucket_tags(bucket_name=bucket.name) or {}
        tags = Tags()
        tags.update({**others, PLATFORM_TAG: sign.id, STACK_TAG: sign.stack})
        client.set_bucket_tags(bucket_name=bucket.name, tags=tags)
        done.append("signed")
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
