"""manifest.json: what a backup holds, written last, so a backup without it does not count."""

import dataclasses
import json
from dataclasses import dataclass, field
from typing import Any

from backup.errors import DamagedError

# Another number where an older program could not restore the backup.
VERSION = 1


@dataclass(frozen=True)
class File:
    """An object of the backup; `path` is relative to its folder."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Contents:
    """Rows of a table, and a checksum of them that does not depend on their order."""

    rows: int
    checksum: str


@dataclass(frozen=True)
class Database:
    file: File
    # Roles that own something in it or hold a right on it.
    roles: list[str]
    # By schema and name.
    tables: dict[str, Contents]
    # What others own, and its entry in the list of the archive: without an administrator, a restore leaves it alone.
    of_others: dict[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


@dataclass(frozen=True)
class Manifest:
    name: str
    # UTC, ISO 8601.
    started_at: str
    ended_at: str
    program: str
    pg_dump: str
    server: str
    databases: dict[str, Database]
    roles: File
    # None: left out, see `left_out`.
    fernet_key: File | None
    # What the backup does not hold, with the reason.
    left_out: dict[str, str]
    version: int = VERSION

    @property
    def files(self) -> list[File]:
        key = [] if self.fernet_key is None else [self.fernet_key]
        return [*(database.file for database in self.databases.values()), self.roles, *key]

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)


def to_json(manifest: Manifest) -> bytes:
    return (json.dumps(dataclasses.asdict(manifest), indent=2) + "\n").encode()


def from_json(text: bytes, where: str) -> Manifest:
    """Raises DamagedError for what no backup command has written."""
    try:
        content: dict[str, Any] = json.loads(text)
        if content["version"] != VERSION:
            raise DamagedError(
                f"{where} has version {content['version']!r}: restore it with the image that made it, "
                f"program {content.get('program')}"
            )
        databases = {name: _database(each) for name, each in content.pop("databases").items()}
        roles, key = File(**content.pop("roles")), content.pop("fernet_key")
        return Manifest(databases=databases, roles=roles, fernet_key=None if key is None else File(**key), **content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedError(f"{where} is not a manifest ({type(error).__name__}: {error})") from error


def _database(content: dict[str, Any]) -> Database:
    tables = {name: Contents(**each) for name, each in content["tables"].items()}
    return Database(File(**content["file"]), content["roles"], tables, content.get("of_others", {}))
