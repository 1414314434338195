"""Refilling a database from an archive, by PostgreSQL's own programs.

A login replaces what it owns and nothing else.
"""

import re
import subprocess
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager

from backup import losses, programs
from backup.emptying import emptying_of, user_schemas
from backup.server import LOCK_TIMEOUT_MS, Connection, connect, conninfo, has_logins

# What a login may not restore: others' ownership and rights, comments on their extensions, and replication.
OWN_CONTENTS = ("--no-owner", "--no-privileges", "--no-comments", "--no-publications", "--no-subscriptions")


def others_objects(database: str) -> list[str]:
    """What of others a restore would delete with the contents that it replaces."""
    if not has_logins():
        return []
    with connect(database) as connection:
        return losses.lost_by(connection, f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS};\n{_emptying(connection)}")


def _emptying(connection: Connection) -> str:
    return emptying_of(connection, own=has_logins())


def fill(database: str, archive: Callable[[], Iterable[bytes]], of_others: Collection[str], *, empty: bool) -> None:
    """Fills a database from an archive in one transaction: a failure leaves what was there.

    Args:
        archive: begins to read it
        of_others: entries of its list that a login leaves out
        empty: drop everything that is in it first, what the archive does not know included; a login that is not the
            administrator drops what it owns.
    """
    begin = f"SET lock_timeout = {LOCK_TIMEOUT_MS};\nBEGIN;\n"
    with connect(database) as connection:
        emptying = _emptying(connection) if empty else ""
        present = user_schemas(connection)
    psql = ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", conninfo(database), "--file=-"]
    with (
        _own_contents(archive, present, of_others) as own,
        programs.program(psql, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as filling,
        programs.piped(filling) as statements,
    ):
        programs.write(statements, f"{begin}{emptying}".encode())
        # Its output goes to psql without passing through this process.
        unpack = ["pg_restore", "--exit-on-error", "--file=-", *own]
        programs.feed(unpack, archive(), stdout=statements)
        # Without this line psql rolls back, as it does where the archive or this process breaks off.
        programs.write(statements, b"\nCOMMIT;\n")


@contextmanager
def _own_contents(
    archive: Callable[[], Iterable[bytes]], present: list[str], of_others: Collection[str]
) -> Iterator[list[str]]:
    """Options of pg_restore for a login, which keeps the schemas that the database has; none for the administrator."""
    if not has_logins():
        yield []
        return
    names = "|".join(re.escape(schema) for schema in present)
    # A line is `number; catalog oid kind schema name owner`. Logins of other servers have no entry of their own.
    left_out = "|".join([rf"\d+ \d+ SCHEMA - ({names}) ", "0 0 USER MAPPING ", *(f"{entry} " for entry in of_others)])
    left_out_entry = re.compile(rf"\d+; ({left_out})".encode())
    with tempfile.TemporaryFile() as listed, tempfile.NamedTemporaryFile() as entries:
        programs.feed(["pg_restore", "--list"], archive(), stdout=listed)
        listed.seek(0)
        entries.writelines(line for line in listed if not left_out_entry.match(line))
        entries.flush()
        yield [f"--use-list={entries.name}", *OWN_CONTENTS]
