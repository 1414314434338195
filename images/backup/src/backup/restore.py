"""Choosing, verifying and restoring a backup."""

from collections.abc import Sequence
from dataclasses import dataclass

from backup import contents, filling
from backup.create import NAME, Report, backups
from backup.errors import DatabaseError, DifferentError, RefusedError, UsageError
from backup.manifest import Contents, Manifest
from backup.server import connect, connect_to_server, create_role, databases, has_logins, sessions
from backup.storage import Storage

LATEST = "latest"


def choose(storage: Storage, name: str) -> Manifest:
    """The manifest of a backup by its name, or of the newest complete one."""
    if name != LATEST:
        if not NAME.fullmatch(name):
            raise UsageError(f"{name} is not the name of a backup: `backup list` shows them; latest is the newest")
        return storage.manifest(name)
    complete = [each for each, is_complete in backups(storage).items() if is_complete]
    if not complete:
        raise UsageError(f"{storage.uri} has no complete backup")
    return storage.manifest(complete[-1])


def verify(storage: Storage, manifest: Manifest, report: Report) -> None:
    """Reads every object of a backup and compares it with the manifest."""
    for file in manifest.files:
        storage.check(manifest.name, file)
        report(f"intact: {file.path}, {file.bytes} bytes")


@dataclass(frozen=True)
class Difference:
    """A table that is not what the manifest says; None: it is not there."""

    table: str
    expected: Contents | None
    found: Contents | None

    def __str__(self) -> str:
        if self.found is None:
            return f"{self.table} is missing"
        if self.expected is None:
            return f"{self.table} is not in the backup"
        if self.expected.rows != self.found.rows:
            return f"{self.table} has {self.found.rows} rows, not {self.expected.rows}"
        return f"{self.table} has the right number of rows, but other contents"


def differences(expected: dict[str, Contents], found: dict[str, Contents]) -> list[Difference]:
    names = sorted({*expected, *found})
    pairs = [Difference(name, expected.get(name), found.get(name)) for name in names]
    return [pair for pair in pairs if pair.expected != pair.found]


def restore(
    storage: Storage,
    manifest: Manifest,
    chosen: Sequence[str],
    report: Report,
    *,
    force: bool = False,
    allowed: Sequence[str] = (),
) -> None:
    """Fills databases from a backup, each in one transaction, and compares them with the manifest.

    Nothing is touched before every object has been verified and every database may be filled.

    Args:
        chosen: databases; none are all of the backup
        force: replace what the databases hold
        allowed: databases of this platform; none are all
    """
    unknown = [name for name in chosen if name not in manifest.databases]
    if unknown:
        known = ", ".join(manifest.databases)
        raise UsageError(f"the backup {manifest.name} has no database {', '.join(unknown)}; it has {known}")
    names = [name for name in manifest.databases if not chosen or name in chosen]
    refuse_what_is_anothers(names, allowed)
    refuse_what_is_used(names, force=force)
    for name in names:
        storage.check(manifest.name, manifest.databases[name].file)
    for name in names:
        _restore(storage, manifest, name, report, force=force)
    compare(manifest, names, report)


def refuse_what_is_anothers(names: Sequence[str], allowed: Sequence[str]) -> None:
    """Refuses databases that the server may have, and that are not this platform's."""
    others = [name for name in names if allowed and name not in allowed]
    if others:
        remedy = (
            "The DBA loads the dumps of databases that had other names"
            if has_logins()
            else "Deploy it with the projects and the postgres.prefix of the backup"
        )
        raise RefusedError(
            f"databases of another platform: {', '.join(others)}; this one has {', '.join(allowed)}. {remedy}, "
            "or choose databases with --database"
        )


def refuse_what_is_used(names: Sequence[str], *, force: bool) -> None:
    """Refuses databases that are missing, that hold tables unless forced, that clients use, or that others build on."""
    with connect_to_server(names[0]) as connection:
        present = databases(connection)
    missing = [name for name in names if name not in present]
    if missing:
        raise DatabaseError(
            f"the server has no database {', '.join(missing)}: deploy the platform with the same projects first"
        )
    filled, used = [], []
    for name in names:
        with connect(name) as connection:
            count = len(contents.table_names(connection))
            filled += [f"{name} ({count} tables)"] if count > 0 else []
            used += [f"{name} by {who}" for who in sessions(connection)]
    if used:
        raise RefusedError(f"in use: {'; '.join(used)}. Stop these clients first")
    if filled and not force:
        raise RefusedError(f"not empty: {', '.join(filled)}. To replace their contents, add --force")
    if force:
        _refuse_to_delete_what_is_others(names)


def _refuse_to_delete_what_is_others(names: Sequence[str]) -> None:
    """Refuses where others' objects depend on what a login owns: it could not create them again."""
    found = [f"{name}: {', '.join(lost)}" for name in names if (lost := filling.others_objects(name))]
    if found:
        raise RefusedError(
            f"objects of others depend on contents that the restore replaces: {'; '.join(found)}. "
            "Their owners drop them first"
        )


def _restore(storage: Storage, manifest: Manifest, name: str, report: Report, *, force: bool) -> None:
    database = manifest.databases[name]
    made = _create_roles(database.roles)
    for role in made:
        report(
            f"role {role}: created without login, since database {name} refers to it; {manifest.roles.path} has more"
        )
    filling.fill(name, lambda: storage.blocks(manifest.name, database.file), database.of_others.values(), empty=force)
    report(f"database {name}: restored from {database.file.bytes} bytes")


def _create_roles(names: Sequence[str]) -> list[str]:
    """Creates what the server lacks.

    Only an administrator may create roles; a restore with a DBA's logins needs none.
    """
    if has_logins():
        return []
    with connect() as connection:
        return [name for name in names if create_role(connection, name)]


def compare(manifest: Manifest, names: Sequence[str], report: Report) -> None:
    """Compares rows and checksums of every table; raises DifferentError with all that differs."""
    found: list[str] = []
    for name in names:
        expected = manifest.databases[name]
        with connect(name) as connection:
            different = differences(expected.tables, contents.tables(connection))
        found += [f"{name}: {difference}" for difference in different]
        if not different:
            report(f"database {name}: {len(expected.tables)} tables, {expected.rows} rows, as in the manifest")
    if found:
        raise DifferentError(f"{len(found)} tables differ from the manifest: {'; '.join(found)}")
