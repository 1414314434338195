"""Databases and logins that an administrator of the site made: the job checks them and changes nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, Self

from psycopg import errors, sql
from pydantic import Field, model_validator

from provision.errors import ProvisionError
from provision.fields import Secret, Text, refuse_duplicates
from provision.postgres.server import Connection, RejectedError, connect_as, one, refusals, report
from provision.postgres.settings import Identifier
from provision.spec import Entry, load
from provision.wait import wait_for


class Login(Entry):
    """What one client connects with."""

    client: Text
    database: Identifier
    login: Identifier
    password: Secret = Field(alias="passwordFile")
    connections: Annotated[int, Field(ge=1)]
    needs: Literal["schema", "tables", "statistics"]
    """It migrates all tables of its schema, creates tables, or reads the server's statistics."""

    @property
    def role(self) -> str:
        return quoted(self.login)


class Logins(Entry):
    logins: Annotated[tuple[Login, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _clients_once(self) -> Self:
        refuse_duplicates(client=[login.client for login in self.logins])
        return self


def check(spec: Path, timeout_seconds: float) -> None:
    """Connects with each login and tries what its client does; raises ProvisionError with all problems."""
    logins = load(spec, Logins).logins
    with refusals():
        problems = wait_for(
            "Postgres", lambda: [each for login in logins for each in _problems(login)], timeout_seconds
        )
    if problems:
        raise ProvisionError("\n  ".join(["databases or logins do not fit the platform:", *problems]))
    for login in logins:
        report(f"{login.client}: login {login.login} fits, database {login.database}")


def quoted(name: str) -> str:
    return sql.Identifier(name).as_string()


def _problems(login: Login) -> Iterator[str]:
    try:
        with connect_as(login.login, login.password, login.database) as connection:
            found = [*_of_encoding(connection, login), *_of_rights(connection, login)]
            _report_limit(connection, login)
    except RejectedError as error:
        found = [_rejection(login, error.text)]
    yield from (f"{login.client}: {problem}" for problem in found)


def _rejection(login: Login, text: str) -> str:
    """Why the server refuses the connection, by the server's own words: libpq gives no code for it."""
    client, user, database = login.client, login.login, login.database
    grant = f"GRANT CONNECT ON DATABASE {quoted(database)} TO {login.role}"
    reasons = {
        "password authentication failed": (
            f"Postgres refuses the login {user}: it does not exist, has expired, or has another password "
            f"than secrets.postgres.logins.{client}"
        ),
        "is not permitted to log in": (
            f"the role {user} may not log in. The DBA runs: ALTER ROLE {login.role} LOGIN"
        ),
        f'database "{database}" does not exist': (
            f"the server has no database {database}. The DBA creates it, or postgres.databases.{client}.name "
            "has another name"
        ),
        "permission denied for database": (
            f"the login {user} may not connect to the database {database}. The DBA runs: {grant}"
        ),
        "no pg_hba.conf entry": (
            f"pg_hba.conf has no line for the login {user}, the database {database} and this cluster's "
            f"addresses. Postgres says: {text}"
        ),
    }
    known = [sentence for words, sentence in reasons.items() if words in text]
    return known[0] if known else f"Postgres rejects the login {user}: {text}"


def _of_encoding(connection: Connection, login: Login) -> Iterator[str]:
    encoding = one(connection, "SELECT current_setting('server_encoding')")
    if login.needs != "statistics" and encoding != "UTF8":
        yield (
            f"the database {login.database} has the encoding {encoding}; allowed: UTF8. "
            "The DBA creates it with ENCODING 'UTF8' TEMPLATE template0"
        )


def _of_rights(connection: Connection, login: Login) -> Iterator[str]:
    if login.needs == "statistics":
        if one(connection, "SELECT pg_has_role('pg_monitor', 'USAGE')") is not True:
            grant = f"GRANT pg_monitor TO {login.role}"
            yield f"the login {login.login} may not read statistics. The DBA runs: {grant}"
        return
    try:
        with connection.transaction(force_rollback=True):
            connection.execute("CREATE TABLE mlops_login_check (id int)")
    except errors.ReadOnlySqlTransaction:
        yield (
            f"the database {login.database} is read-only for the login {login.login}: "
            "postgres.host is a standby, or default_transaction_read_only is on"
        )
    except (errors.InsufficientPrivilege, errors.InvalidSchemaName):
        yield _no_tables(connection, login)
    else:
        if login.needs == "schema":
            yield from _of_owners(connection, login)


def _no_tables(connection: Connection, login: Login) -> str:
    schema = one(connection, "SELECT current_schema()")
    path = one(connection, "SELECT current_setting('search_path')")
    grant = f"GRANT USAGE, CREATE ON SCHEMA {quoted(str(schema or 'public'))} TO {login.role}"
    right = f"may not create tables in the schema {schema}" if schema else f"may use no schema of {path}"
    return (
        f"the login {login.login} {right}, database {login.database}. The DBA runs in that database: {grant}"
    )


FOREIGN_TABLES = """
    SELECT relname, pg_get_userbyid(relowner) FROM pg_class c
    WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
      AND relkind IN ('r', 'p') AND NOT pg_has_role(relowner, 'USAGE')
      AND NOT EXISTS (
        SELECT FROM pg_depend
        WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
    ORDER BY 1"""


def _of_owners(connection: Connection, login: Login) -> Iterator[str]:
    """Tables that a migration could not change; an extension's own are its creator's."""
    rows = connection.execute(FOREIGN_TABLES).fetchall()
    if rows:
        (name, owner), more = rows[0], len(rows) - 1
        tables = f"table {name} belongs" if more == 0 else f"table {name} and {more} more belong"
        yield (
            f"in the database {login.database}, the {tables} to {owner}, and {login.login} cannot migrate "
            f"them. The DBA changes the owner of each: ALTER TABLE … OWNER TO {login.role}"
        )


def _report_limit(connection: Connection, login: Login) -> None:
    limit = one(connection, "SELECT rolconnlimit FROM pg_roles WHERE rolname = session_user")
    client, most = login.client, login.connections
    if 0 <= int(str(limit)) < most:
        report(
            f"{client}: the login {login.login} may hold {limit} connections, but {client} opens up to "
            f"{most}. The DBA runs: ALTER ROLE {login.role} CONNECTION LIMIT {most}"
        )
