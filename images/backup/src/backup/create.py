"""Making a backup, and removing those that are too old."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from backup import __version__, others
from backup.dumping import ROLES_OF_OTHERS, dump_roles, program_version, snapshot
from backup.encryption import seal
from backup.errors import DatabaseError, UsageError
from backup.manifest import Database, File, Manifest
from backup.server import connect, connect_to_server, databases, has_logins, server_version
from backup.settings import Settings
from backup.storage import Storage

NAME_FORMAT = "%Y-%m-%dT%H%M%SZ"
NAME = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z")
ROLES_FILE = "roles.sql"
KEY_FILE = "fernet-key.age"
# No run takes longer, see activeDeadlineSeconds of the CronJob.
ABANDONED_AFTER = timedelta(days=1)

Report = Callable[[str], None]


def create(storage: Storage, settings: Settings, report: Report) -> Manifest:
    """Dumps each database in a consistent state, and writes the manifest last."""
    started = datetime.now(UTC)
    name = started.strftime(NAME_FORMAT)
    if name in storage.names():
        raise UsageError(f"another backup {name} started in the same second: run the same command again")
    with connect_to_server(settings.databases[0]) as connection:
        server, present = server_version(connection), databases(connection)
    missing = [database for database in settings.databases if database not in present]
    if missing:
        maker = "the server's administrator" if has_logins() else "the Job `databases`"
        raise DatabaseError(f"the server has no database {', '.join(missing)}: {maker} creates them")
    _refuse_what_cannot_be_restored(settings.databases)
    foreign = [] if has_logins() else sorted({*present} - {*settings.databases, "postgres"})
    for database in foreign:
        report(f"left out: database {database}, which does not belong to the platform")
    dumped = {database: _dump(storage, name, database, report) for database in settings.databases}
    roles = storage.store(name, ROLES_FILE, dump_roles())
    key, without_roles = _store_key(storage, name, settings)
    left_out = {**({"roles": ROLES_OF_OTHERS} if has_logins() else {}), **without_roles}
    for what, why in left_out.items():
        report(f"left out: {what}: {why}")
    manifest = Manifest(
        name=name,
        started_at=started.isoformat(timespec="seconds"),
        ended_at=datetime.now(UTC).isoformat(timespec="seconds"),
        program=__version__,
        pg_dump=program_version(),
        server=server,
        databases=dumped,
        roles=roles,
        fernet_key=key,
        left_out=left_out,
    )
    storage.finish(manifest)
    return manifest


def _dump(storage: Storage, name: str, database: str, report: Report) -> Database:
    with snapshot(database) as moment:
        if left_out := moment.left_out():
            report(f"left out: what others own in database {database}: {', '.join(left_out)}")
        tables, roles = moment.tables(), moment.roles()
        of_others = {each.description: each.entry for each in moment.others}
        file = storage.write(name, f"databases/{database}.dump", moment.dump)
    rows = sum(table.rows for table in tables.values())
    report(f"database {database}: {len(tables)} tables, {rows} rows, {file.bytes} bytes")
    return Database(file, roles, tables, of_others)


def _refuse_what_cannot_be_restored(names: Sequence[str]) -> None:
    """Refuses to leave out rows of the platform, which a login could not restore."""
    if not has_logins():
        return
    found: list[str] = []
    for name in names:
        with connect(name) as connection:
            found += [f"{name}: {', '.join(tables)}"] if (tables := others.unrestorable(connection)) else []
    if found:
        raise DatabaseError(
            "a restore could not replace tables that a login of the platform writes or has partitions of, and does not "
            f"own: {'; '.join(found)}. The DBA makes the login the owner of each (ALTER TABLE … OWNER TO …), "
            "or takes its rights to write"
        )


def _store_key(storage: Storage, name: str, settings: Settings) -> tuple[File | None, dict[str, str]]:
    artifacts = "MLflow's artifacts and the projects' files are already objects in the store; copy the store"
    left_out = {"artifacts": artifacts}
    if settings.recipient is None:
        why = "no recipient is configured to encrypt it (backup.recipient)"
        return None, {"fernet key": why, **left_out}
    if settings.fernet_key is None:
        return None, {"fernet key": "BACKUP_FERNET_KEY_FILE is not set", **left_out}
    return storage.store(name, KEY_FILE, seal(settings.fernet_key, settings.recipient)), left_out


def backups(storage: Storage) -> dict[str, bool]:
    """All that a run has begun, oldest first, and whether it is complete."""
    return {name: complete for name, complete in storage.names().items() if NAME.fullmatch(name)}


def expired(names: dict[str, bool], now: datetime, retention_days: int) -> list[str]:
    """What may go: complete backups after the retention but for the newest, and abandoned ones.

    Args:
        names: whether each backup is complete
    """
    complete = sorted(name for name, is_complete in names.items() if is_complete)
    old = _before(now - timedelta(days=retention_days))
    abandoned = _before(now - ABANDONED_AFTER)
    return [
        *(name for name in complete[:-1] if name < old),
        *sorted(name for name, is_complete in names.items() if not is_complete and name < abandoned),
    ]


def _before(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(NAME_FORMAT)


def remove_expired(storage: Storage, retention_days: int, report: Report) -> None:
    names = backups(storage)
    for name in expired(names, datetime.now(UTC), retention_days):
        storage.remove(name)
        reason = f"older than {retention_days} days" if names[name] else "never completed"
        report(f"removed {name}: {reason}")
