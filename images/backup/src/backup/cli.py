"""The command line: `backup {run,list,verify,restore,compare,key,copy}`."""

import argparse
import dataclasses
import json
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from backup import __version__
from backup.copy import copy
from backup.create import backups, create, remove_expired
from backup.encryption import unseal
from backup.errors import BackupError, UsageError
from backup.restore import LATEST, choose, compare, restore, verify
from backup.settings import platform_databases, read_settings, storage_uri
from backup.storage import Storage

ENVIRONMENT = """
environment:
  BACKUP_URI               folder of the backups: file://, s3:// or gs:// (all but copy; required)
  BACKUP_DATABASES         names, separated by commas (run: required; restore: the only databases that it fills)
  BACKUP_RETENTION_DAYS    age after which a backup is deleted, except the newest one (run; default: 14)
  BACKUP_RECIPIENT         age public key that encrypts the Fernet key (run; without it, the backup omits the key)
  BACKUP_FERNET_KEY_FILE   file with Airflow's Fernet key (run)
  PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGSSLMODE, PGSSLROOTCERT   libpq's own (run, restore, compare)
  PGSERVICEFILE            instead of an administrator: a section for each database, with dbname, user and password

exit codes:
  0 done, 2 wrong argument or environment, 3 Postgres, 4 object storage, 5 the backup is incomplete or damaged,
  6 refused: a database is not empty or in use, or others build on its tables, 7 the databases differ from the manifest
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns the exit code."""
    parsed = _parser().parse_args(arguments)
    # The first process of a container ignores SIGTERM unless it asks for it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    command: Callable[[argparse.Namespace], None] = parsed.run
    try:
        command(parsed)
    except BackupError as error:
        # Print the earlier output first, even if both streams go to one log.
        sys.stdout.flush()
        print(f"backup {parsed.command}: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def _run(_: argparse.Namespace) -> None:
    storage, settings = Storage(storage_uri()), read_settings()
    manifest = create(storage, settings, _report)
    _report(f"backup {manifest.name}: complete, {manifest.bytes} bytes")
    remove_expired(storage, settings.retention_days, _report)


def _list(parsed: argparse.Namespace) -> None:
    storage = Storage(storage_uri())
    found = [(name, storage.manifest(name) if complete else None) for name, complete in backups(storage).items()]
    if parsed.json:
        _report(json.dumps([{"name": name, "manifest": each and dataclasses.asdict(each)} for name, each in found]))
        return
    for name, manifest in found:
        if manifest is None:
            _report(f"{name}  incomplete")
            continue
        key = "with the Fernet key" if manifest.fernet_key else "without the Fernet key"
        _report(f"{name}  {manifest.bytes} bytes  {', '.join(manifest.databases)}  {key}")


def _verify(parsed: argparse.Namespace) -> None:
    storage = Storage(storage_uri())
    manifest = choose(storage, parsed.name)
    verify(storage, manifest, _report)
    _report(f"backup {manifest.name}: intact")


def _restore(parsed: argparse.Namespace) -> None:
    storage = Storage(storage_uri())
    manifest = choose(storage, parsed.name)
    _report(f"backup {manifest.name}, of server {manifest.server}")
    restore(storage, manifest, parsed.database, _report, force=parsed.force, allowed=platform_databases())


def _compare(parsed: argparse.Namespace) -> None:
    manifest = choose(Storage(storage_uri()), parsed.name)
    compare(manifest, list(manifest.databases), _report)


def _key(parsed: argparse.Namespace) -> None:
    storage = Storage(storage_uri())
    manifest = choose(storage, parsed.name)
    if manifest.fernet_key is None:
        raise UsageError(f"the backup {manifest.name} has no key: {manifest.left_out.get('fernet key')}")
    storage.check(manifest.name, manifest.fernet_key)
    identity = sys.stdin.read() if parsed.identity == "-" else _text(Path(parsed.identity))
    _report(unseal(storage.read(manifest.name, manifest.fernet_key), identity))


def _copy(parsed: argparse.Namespace) -> None:
    done = copy(parsed.source, parsed.target)
    _report(f"copied {done.copied} objects, {done.bytes} bytes; {done.present} already existed")


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error


def _report(line: str) -> None:
    print(line, flush=True)


def _parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(
        prog="backup",
        description="Backs up the platform's databases, its roles and Airflow's Fernet key to object storage.",
        epilog=ENVIRONMENT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    root.add_argument("--version", action="version", version=f"backup {__version__}")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[argparse.Namespace], None], purpose: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.")
        command.set_defaults(run=run)
        return command

    def named(command: argparse.ArgumentParser) -> None:
        command.add_argument(
            "name", nargs="?", default=LATEST, help="name of the backup (default: the newest complete one)"
        )

    add("run", _run, "make a backup, then delete expired backups")
    listing = add("list", _list, "show the backups, oldest first")
    listing.add_argument("--json", action="store_true", help="print the manifests as JSON")
    named(add("verify", _verify, "read a whole backup and compare it with its manifest"))
    restoring = add("restore", _restore, "fill the databases from a backup, and compare them with its manifest")
    named(restoring)
    restoring.add_argument(
        "--database", action="append", default=[], metavar="NAME", help="restore only this database; may be repeated"
    )
    restoring.add_argument("--force", action="store_true", help="replace the contents of the databases")
    named(add("compare", _compare, "compare every table of the databases with a backup's manifest"))
    key = add("key", _key, "print the Fernet key of a backup")
    named(key)
    key.add_argument("--identity", required=True, metavar="FILE", help="age secret key; - reads standard input")
    copying = add(
        "copy", _copy, "copy the objects that a folder lacks from another one, e.g. from a bucket to an external disk"
    )
    copying.add_argument("source", help="file://, s3:// or gs://")
    copying.add_argument("target", help="file://, s3:// or gs://")
    return root
