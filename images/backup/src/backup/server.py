"""Connections to the server, by libpq's own variables, and what it says of itself.

Nothing here needs a superuser: managed services (Cloud SQL, RDS) give their
administrator CREATEROLE and membership in the roles that it makes, no more.

Without an administrator, PGSERVICEFILE has a section for each
database, with the login that owns its contents.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from backup.errors import DatabaseError

Connection = psycopg.Connection[tuple[object, ...]]

# A table's rows as text must not depend on who asks.
TEXT_SETTINGS = "-c datestyle=ISO -c intervalstyle=postgres -c timezone=UTC -c bytea_output=hex -c extra_float_digits=1"
# Functions and policies that a client has made must not run as the administrator who reads its tables.
SAFE_SETTINGS = "-c search_path=pg_catalog -c row_security=off"
# A lock that a forgotten session holds ends a dump or a restore instead of delaying it for ever.
LOCK_TIMEOUT_MS = 300_000


def has_logins() -> bool:
    """Whether each database has a login of its own, and there is no administrator."""
    return bool(os.environ.get("PGSERVICEFILE"))


def conninfo(database: str) -> str:
    """How PostgreSQL's programs and psycopg find a database."""
    return make_conninfo("", **{"service" if has_logins() else "dbname": database})


@contextmanager
def connect(database: str | None = None) -> Iterator[Connection]:
    """A connection by libpq's variables, to PGDATABASE unless another database is named."""
    try:
        with psycopg.connect(
            "" if database is None else conninfo(database),
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


def server_version(connection: Connection) -> str:
    return str(one(connection, "SHOW server_version"))


def databases(connection: Connection) -> list[str]:
    found = connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1")
    return [str(name) for (name,) in found]


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
