"""Dumping, reading and refilling databases, by libpq's own variables and PostgreSQL's own programs.

Nothing here needs a superuser: managed services (Cloud SQL, RDS) give their
administrator CREATEROLE and membership in the roles that it makes, no more.

Without an administrator, PGSERVICEFILE has a section for each
database, with the login that owns its contents. A dump then has that login's
view, and a restore replaces what the login owns and nothing else.
"""

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from backup import others, programs
from backup.emptying import USER_SCHEMAS, emptying_of
from backup.errors import DatabaseError
from backup.manifest import Contents

Connection = psycopg.Connection[tuple[object, ...]]

# A table's rows as text must not depend on who asks.
TEXT_SETTINGS = "-c datestyle=ISO -c intervalstyle=postgres -c timezone=UTC -c bytea_output=hex -c extra_float_digits=1"
# Functions and policies that a client has made must not run as the administrator who reads its tables.
SAFE_SETTINGS = "-c search_path=pg_catalog -c row_security=off"
# A lock that a forgotten session holds ends a dump or a restore instead of delaying it for ever.
LOCK_TIMEOUT_MS = 300_000
ROLES_OF_OTHERS = "the server's administrator made them, and not the platform"
# What a login may not restore: others' ownership and rights, and comments on their extensions.
OWN_CONTENTS = ("--no-owner", "--no-privileges", "--no-comments")

# An extension recreates its own objects, and its creator owns them.
TABLES: LiteralString = """
    SELECT nspname, relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE relkind = 'r' AND relpersistence <> 't' AND nspname !~ '^pg_' AND nspname <> 'information_schema'
      AND NOT EXISTS (
        SELECT FROM pg_depend
        WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
    ORDER BY 1, 2"""
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

    def tables(self) -> dict[str, Contents]:
        return tables(self.connection)

    def roles(self) -> list[str]:
        return [str(name) for (name,) in self.connection.execute(ROLES)]

    def left_out(self) -> list[str]:
        """Schemas of others."""
        return _left_out(self.connection)

    def dump(self, write: programs.Sink) -> None:
        """Writes the archive of exactly this moment."""
        options = ["--format=custom", f"--lock-wait-timeout={LOCK_TIMEOUT_MS}", f"--snapshot={self.id}"]
        options += [f"--exclude-schema={sql.Identifier(schema).as_string()}" for schema in self.left_out()]
        programs.stream(["pg_dump", *options, "--dbname", _conninfo(self.database)], write)


@contextmanager
def snapshot(database: str) -> Iterator[Snapshot]:
    with connect(database) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        yield Snapshot(database, connection, str(one(connection, "SELECT pg_export_snapshot()")))


def has_logins() -> bool:
    """Whether each database has a login of its own, and there is no administrator."""
    return bool(os.environ.get("PGSERVICEFILE"))


def _conninfo(database: str) -> str:
    """How PostgreSQL's programs and psycopg find a database."""
    return make_conninfo("", **{"service" if has_logins() else "dbname": database})


@contextmanager
def connect(database: str | None = None) -> Iterator[Connection]:
    """A connection by libpq's variables, to PGDATABASE unless another database is named."""
    try:
        with psycopg.connect(
            "" if database is None else _conninfo(database),
            connect_timeout=30,
            application_name="backup",
            options=f"{TEXT_SETTINGS} {SAFE_SETTINGS}",
        ) as connection:
            yield connection
    except psycopg.Error as error:
        text = error.diag.message_primary or " ".join(str(error).split()) or type(error).__name__
        raise DatabaseError(f"Postgres says of {database or 'the server'}: {text}") from error


def connect_to_server(database: str) -> AbstractContextManager[Connection]:
    """For what is not of one database: the administrator's connection, otherwise that of a database's login."""
    return connect(database if has_logins() else None)


def one(connection: Connection, query: LiteralString, *values: object) -> object:
    row = connection.execute(query, list(values)).fetchone()
    return row[0] if row else None


def tables(connection: Connection) -> dict[str, Contents]:
    """The contents of each table: rows, and the sum of their hashes, since rows have no order."""
    names = table_names(connection)
    return {f"{schema}.{table}": _contents(connection, schema, table) for schema, table in names}


def table_names(connection: Connection) -> list[tuple[str, str]]:
    """Schema and name of each table, without those of others' schemas."""
    left_out = _left_out(connection)
    rows = connection.execute(TABLES).fetchall()
    return [(str(schema), str(table)) for schema, table in rows if schema not in left_out]


def _left_out(connection: Connection) -> list[str]:
    return others.schemas(connection) if has_logins() else []


def _contents(connection: Connection, schema: str, table: str) -> Contents:
    # The first 64 bits of SHA-256: unlike hashtext() the same on every version, unlike md5() never forbidden.
    # format() and not t::text, for which a client may have made a cast of its own.
    query = sql.SQL(
        "SELECT count(*), coalesce(sum(('x' || encode(substr(sha256(convert_to(format('%s', t), 'UTF8')), 1, 8), "
        "'hex'))::bit(64)::bigint), 0)::text FROM ONLY {} t"
    ).format(sql.Identifier(schema, table))
    row = connection.execute(query).fetchone()
    assert row is not None  # noqa: S101
    return Contents(int(str(row[0])), str(row[1]))


def server_version(connection: Connection) -> str:
    return str(one(connection, "SHOW server_version"))


def databases(connection: Connection) -> list[str]:
    found = connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1")
    return [str(name) for (name,) in found]


def schemas(connection: Connection) -> list[str]:
    return [str(name) for (name,) in connection.execute(USER_SCHEMAS)]


def program_version() -> str:
    return programs.output(["pg_dump", "--version"]).decode().strip()


def dump_roles() -> bytes:
    """Roles and their memberships as SQL, without passwords: the platform's Job sets those from its own state."""
    if has_logins():
        return f"-- {ROLES_OF_OTHERS}\n".encode()
    return programs.output(["pg_dumpall", "--globals-only", "--no-role-passwords"])


def sessions(connection: Connection) -> list[str]:
    """Who else is connected to this database, metrics exporters aside; they hold no lock that matters.

    The server hides the kind of another role's session from a login, but not its user; its own workers have none.
    """
    query = """
        SELECT usename || coalesce(' from ' || host(client_addr), '') || coalesce(nullif(' (' || application_name
          || ')', ' ()'), ''), count(*)
        FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
          AND usesysid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'
          AND NOT EXISTS (
            SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
            WHERE r.rolname = 'pg_monitor' AND m.member = usesysid)
        GROUP BY 1 ORDER BY 1"""
    return [f"{who}, {count} times" if count != 1 else str(who) for who, count in connection.execute(query)]


def create_role(connection: Connection, name: str) -> bool:
    """Creates a role without login, unless it exists."""
    if one(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", name) is not None:
        return False
    connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))
    return True


def others_objects(database: str) -> list[str]:
    """What of others a restore would delete with the contents that it replaces."""
    if not has_logins():
        return []
    with connect(database) as connection:
        return others.lost_by(connection, f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS};\n{_emptying(connection)}")


def _emptying(connection: Connection) -> str:
    return emptying_of(connection, own=has_logins())


def restore(database: str, archive: Callable[[], Iterable[bytes]], *, empty: bool) -> None:
    """Fills a database from an archive in one transaction: a failure leaves what was there.

    Args:
        archive: begins to read it
        empty: drop everything that is in it first, what the archive does not know included; a login that is not the
            administrator drops what it owns.
    """
    begin = f"SET lock_timeout = {LOCK_TIMEOUT_MS};\nBEGIN;\n"
    with connect(database) as connection:
        emptying = _emptying(connection) if empty else ""
        present = schemas(connection)
    psql = ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", _conninfo(database), "--file=-"]
    with (
        _own_contents(archive, present) as own,
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
def _own_contents(archive: Callable[[], Iterable[bytes]], present: list[str]) -> Iterator[list[str]]:
    """Options of pg_restore for a login, which keeps the schemas that the database has; none for the administrator."""
    if not has_logins():
        yield []
        return
    names = "|".join(re.escape(schema) for schema in present)
    schema_entry = re.compile(rf"\d+; \d+ \d+ SCHEMA - ({names}) ".encode())
    with tempfile.TemporaryFile() as listed, tempfile.NamedTemporaryFile() as entries:
        programs.feed(["pg_restore", "--list"], archive(), stdout=listed)
        listed.seek(0)
        entries.writelines(line for line in listed if not schema_entry.match(line))
        entries.flush()
        yield [f"--use-list={entries.name}", *OWN_CONTENTS]
