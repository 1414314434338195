"""Dumping a database as it was at one moment, by PostgreSQL's own programs.

A login dumps what it owns: it may not read all of what others own, and could restore none of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import LiteralString

import psycopg
from psycopg import sql

from backup import others, programs
from backup.contents import tables
from backup.manifest import Contents
from backup.server import LOCK_TIMEOUT_MS, Connection, connect, conninfo, has_logins, one

ROLES_OF_OTHERS = "the server's administrator made them, and not the platform"
ROLES: LiteralString = """
    SELECT DISTINCT rolname FROM pg_shdepend JOIN pg_roles r ON r.oid = refobjid
    WHERE refclassid = 'pg_authid'::regclass AND rolname !~ '^pg_' AND classid <> 'pg_extension'::regclass
      AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    ORDER BY 1"""


@dataclass(frozen=True)
class Snapshot:
    """A database as it was at one moment, for as long as the transaction lasts."""

    database: str
    connection: Connection
    id: str
    # What others own; nothing where an administrator dumps the database.
    schemas: list[str]
    others: list[others.Object]

    def tables(self) -> dict[str, Contents]:
        return tables(self.connection)

    def roles(self) -> list[str]:
        return [str(name) for (name,) in self.connection.execute(ROLES)]

    def left_out(self) -> list[str]:
        """What others own in the database."""
        return [*(f"schema {name}" for name in self.schemas), *(each.description for each in self.others)]

    def dump(self, write: programs.Sink) -> None:
        """Writes the archive of exactly this moment."""
        options = ["--format=custom", f"--lock-wait-timeout={LOCK_TIMEOUT_MS}", f"--snapshot={self.id}"]
        options += [f"--exclude-schema={sql.Identifier(schema).as_string()}" for schema in self.schemas]
        options += [f"--exclude-table={each.identity}" for each in self.others if each.is_relation]
        programs.stream(["pg_dump", *options, "--dbname", conninfo(self.database)], write)


@contextmanager
def snapshot(database: str) -> Iterator[Snapshot]:
    with connect(database) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        id = str(one(connection, "SELECT pg_export_snapshot()"))
        schemas = others.schemas(connection) if has_logins() else []
        yield Snapshot(database, connection, id, schemas, others.objects(connection, schemas) if has_logins() else [])


def program_version() -> str:
    return programs.output(["pg_dump", "--version"]).decode().strip()


def dump_roles() -> bytes:
    """Roles and their memberships as SQL, without passwords: the platform's Job sets those from its own state."""
    if has_logins():
        return f"-- {ROLES_OF_OTHERS}\n".encode()
    return programs.output(["pg_dumpall", "--globals-only", "--no-role-passwords"])
