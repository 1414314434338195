"""What the environment says."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from backup.encryption import check_recipient
from backup.errors import UsageError


@dataclass(frozen=True)
class Settings:
    """Settings of the command `run`."""

    databases: tuple[str, ...]
    retention_days: int
    # None: the key is left out.
    recipient: str | None
    fernet_key: str | None


def storage_uri(environment: Mapping[str, str] = os.environ) -> str:
    uri = environment.get("BACKUP_URI", "")
    if uri == "":
        raise UsageError("BACKUP_URI is not set: give the folder of the backups as file://, s3:// or gs://")
    return uri


def platform_databases(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The platform's databases; none: not configured."""
    return tuple(name for name in environment.get("BACKUP_DATABASES", "").split(",") if name)


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    databases = platform_databases(environment)
    if not databases:
        raise UsageError("BACKUP_DATABASES is not set: give the databases' names, separated by commas")
    recipient = environment.get("BACKUP_RECIPIENT") or None
    if recipient is not None:
        check_recipient(recipient)
    days = environment.get("BACKUP_RETENTION_DAYS", "14")
    if not days.isascii() or not days.isdigit() or int(days) < 1:
        raise UsageError(f"BACKUP_RETENTION_DAYS is {days!r}: give a number of days, at least 1")
    return Settings(databases, int(days), recipient, _fernet_key(environment))


def _fernet_key(environment: Mapping[str, str]) -> str | None:
    path = environment.get("BACKUP_FERNET_KEY_FILE")
    if not path:
        return None
    try:
        return Path(path).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"BACKUP_FERNET_KEY_FILE: {path} cannot be read: {error}") from error
