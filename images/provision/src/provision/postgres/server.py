"""Connections to the server, and its errors as sentences."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import LiteralString

import psycopg
from psycopg import sql

from provision.errors import NotReadyError, ProvisionError

Connection = psycopg.Connection[tuple[object, ...]]

# libpq gives a failed connection no SQLSTATE, only the server's text. These are
# the refusals that pass by themselves; every other one is an answer.
PASSING_REFUSALS = (
    *("starting up", "shutting down", "not yet accepting", "recovery"),
    *("too many clients", "too many connections", "connection slots"),
)
TLS_FAILURES = ("does not support SSL", "certificate", "sslmode")
UNASKED_PASSWORD = "authentication method requirement"  # noqa: S105
# A function that a client has made must not run as the administrator who looks around in its database.
SAFE_SEARCH_PATH = "-c search_path=pg_catalog"
# A server that trusts this network would let any password pass.
ASKS_FOR_PASSWORD = "scram-sha-256,md5,password"  # noqa: S105


class RejectedError(ProvisionError):
    """The server answers, and rejects the login."""

    def __init__(self, what: str, text: str) -> None:
        super().__init__(f"Postgres rejects {what}: {text}")
        self.text = text


class TlsError(ProvisionError):
    """The server cannot be trusted, whatever the login."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"TLS to Postgres fails: {text}. For a server of the site, postgres.caCertificate is the "
            "authority of the server's certificate, and postgres.host is a name in that certificate"
        )


def connect_as_admin() -> Connection:
    """Connects with PGPASSWORD; where the server still has PREVIOUS_PGPASSWORD, gives it the new one."""
    previous = os.environ.get("PREVIOUS_PGPASSWORD")
    try:
        return connect()
    except ProvisionError as refusal:
        if previous is None or "password authentication failed" not in str(refusal):
            raise
    with connect(password=previous) as admin:
        user = admin.info.user
        hashed = verifier(admin, user, os.environ["PGPASSWORD"])
        admin.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(user), hashed))
        report(f"administrator {user}: password set")
    return connect()


def connect(database: str | None = None, password: str | None = None) -> Connection:
    """Connects with libpq's own variables, to PGDATABASE unless another database is named."""
    return _connect("the administrator's connection", dbname=database, password=password)


def connect_as(login: str, password: str, database: str) -> Connection:
    """Connects as a client does: with the search path that the server gives it."""
    return _connect(f"{login}'s connection", options=None, user=login, password=password, dbname=database)


def opens(database: str | None, login: str, password: str) -> bool:
    """Whether the server asks for the login's password and takes this one."""
    try:
        _connect(
            f"{login}'s connection",
            dbname=database,
            user=login,
            password=password,
            require_auth=ASKS_FOR_PASSWORD,
        ).close()
    except ProvisionError:
        return False
    return True


def _connect(what: str, *, options: str | None = SAFE_SEARCH_PATH, **parameters: str | None) -> Connection:
    try:
        # None leaves the choice to libpq's variables.
        return psycopg.connect(
            **parameters,  # type: ignore[arg-type]
            autocommit=True,
            connect_timeout=10,
            application_name="provision",
            options=options,
        )
    except psycopg.OperationalError as error:
        text = " ".join(str(error).split())
        answered = "FATAL" in text and not any(passing in text for passing in PASSING_REFUSALS)
        if answered or UNASKED_PASSWORD in text:
            raise RejectedError(what, text) from error
        if any(failure in text for failure in TLS_FAILURES):
            raise TlsError(text) from error
        raise NotReadyError(text) from error


def verifier(admin: Connection, user: str, password: str) -> sql.Literal:
    """The password's hash, as the server keeps it."""
    return sql.Literal(
        admin.pgconn.encrypt_password(password.encode(), user.encode(), b"scram-sha-256").decode()
    )


def one(connection: Connection, query: LiteralString, *values: object) -> object:
    row = connection.execute(query, list(values)).fetchone()
    return row[0] if row else None


@contextmanager
def refusals() -> Iterator[None]:
    """Turns the server's errors into sentences; never the statement, which holds a password's hash."""
    try:
        yield
    except psycopg.Error as error:
        raise ProvisionError(
            f"Postgres says: {error.diag.message_primary or type(error).__name__}"
        ) from error
    except NotReadyError as error:
        raise ProvisionError(f"Postgres went away: {error}") from error


def report(line: str) -> None:
    print(line, flush=True)
