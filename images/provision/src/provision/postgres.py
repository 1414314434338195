"""Roles and databases of a PostgreSQL server, its administrator being a superuser or not.

Managed services (Cloud SQL, RDS) give their administrator CREATEROLE and
CREATEDB and no more, so nothing here needs a superuser. Passwords are hashed
on this side: a server that logs statements never sees one.

A role cannot have two passwords, so that one which must renew its own without
breaking who holds the old one has a login for each generation: a member that
acts as the role from its first statement, and owns nothing itself.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import LiteralString

import psycopg
from psycopg import sql

from provision.errors import NotReadyError, ProvisionError
from provision.spec import Table, refuse_duplicates
from provision.wait import wait_for

# A member may read every statistic; it is also let into every database here,
# because an exporter collects them database by database.
MONITOR = "pg_monitor"

# libpq gives a failed connection no SQLSTATE, only the server's text. These are
# the refusals that pass by themselves; every other one is an answer.
PASSING_REFUSALS = ("starting up", "shutting down", "not yet accepting", "recovery", "too many clients")
LASTING_FAILURES = ("does not support SSL", "certificate", "sslmode")


@dataclass(frozen=True)
class Role:
    name: str
    login: str
    """Who connects: the role itself, or a member that acts as it."""
    password: str
    database: str | None
    member_of: tuple[str, ...]
    connection_limit: int | None


Connection = psycopg.Connection[tuple[object, ...]]


def run(spec: Table, timeout_seconds: float) -> None:
    roles = read(spec)
    with _refusals(), wait_for("Postgres", connect_as_admin, timeout_seconds) as admin:
        is_superuser = _one(admin, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        for role in roles:
            if role.login != role.name:
                apply_group(admin, role.name)
            apply_login(admin, role)
            apply_memberships(admin, role)
        monitors = [role.name for role in roles if MONITOR in role.member_of]
        for role in roles:
            if role.database is not None:
                apply_database(admin, role.database, role.name, monitors, grant_to_admin=not is_superuser)


def retire(spec: Table, timeout_seconds: float) -> None:
    """Takes every login but the spec's from its roles."""
    roles = read(spec)
    with _refusals(), wait_for("Postgres", connect_as_admin, timeout_seconds) as admin:
        for role in roles:
            retire_logins(admin, role)


def read(spec: Table) -> list[Role]:
    roles = []
    for entry in spec.tables("roles"):
        name = _identifier(entry, "name")
        roles.append(
            Role(
                name=name,
                login=name if entry.optional_text("login") is None else _identifier(entry, "login"),
                password=entry.secret("passwordFile"),
                database=None if entry.optional_text("database") is None else _identifier(entry, "database"),
                member_of=entry.texts("memberOf"),
                connection_limit=entry.optional_count("connectionLimit"),
            )
        )
        entry.close()
    spec.close()
    refuse_duplicates(spec.where, "role", [name for role in roles for name in {role.name, role.login}])
    refuse_duplicates(spec.where, "database", [role.database for role in roles if role.database])
    return roles


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
        verifier = _verifier(admin, user, os.environ["PGPASSWORD"])
        admin.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(user), verifier))
        _report(f"administrator {user}: password set")
    return connect()


def connect(database: str | None = None, password: str | None = None) -> Connection:
    """Connects with libpq's own variables, to PGDATABASE unless another database is named."""
    try:
        # None leaves the choice to libpq's variables.
        return psycopg.connect(
            dbname=database,
            password=password,
            autocommit=True,
            connect_timeout=10,
            application_name="provision",
        )
    except psycopg.OperationalError as error:
        text = " ".join(str(error).split())
        answered = "FATAL" in text and not any(passing in text for passing in PASSING_REFUSALS)
        if answered or any(lasting in text for lasting in LASTING_FAILURES):
            raise ProvisionError(f"Postgres refuses the administrator's connection: {text}") from error
        raise NotReadyError(text) from error


def apply_group(admin: Connection, name: str) -> None:
    """Creates the role that owns and that nobody logs in as; one that did may until it is retired."""
    if not _one(admin, "SELECT true FROM pg_roles WHERE rolname = %s", name):
        admin.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))
        _report(f"role {name}: created")


def apply_login(admin: Connection, role: Role) -> None:
    """Creates the login or sets its password and limit; an administrator is refused.

    The password is set on every run: logging in as the role would not tell
    whether it is right on a server that trusts this network.
    """
    for name in {role.name, role.login}:
        if _one(admin, "SELECT rolsuper OR rolname = current_user FROM pg_roles WHERE rolname = %s", name):
            raise ProvisionError(f"role {name} administers this server; name another one in the spec")
    exists = _one(admin, "SELECT true FROM pg_roles WHERE rolname = %s", role.login)
    admin.execute(
        sql.SQL("{verb} ROLE {name} WITH LOGIN PASSWORD {verifier} CONNECTION LIMIT {limit}").format(
            verb=sql.SQL("ALTER" if exists else "CREATE"),
            name=sql.Identifier(role.login),
            verifier=_verifier(admin, role.login, role.password),
            # -1 is Postgres's own spelling of "no limit".
            limit=sql.Literal(-1 if role.connection_limit is None else role.connection_limit),
        )
    )
    if role.login != role.name:
        owner, member = sql.Identifier(role.name), sql.Identifier(role.login)
        admin.execute(sql.SQL("GRANT {} TO {}").format(owner, member))
        # Whatever it makes is the role's, which outlives it.
        admin.execute(sql.SQL("ALTER ROLE {} SET role = {}").format(member, owner))
    _report(f"role {role.login}: {'password set' if exists else 'created'}")


def retire_logins(admin: Connection, role: Role) -> None:
    """Refuses what logged in as the role before: the other generations' logins, and the role itself."""
    members = admin.execute(
        "SELECT holder.rolname FROM pg_auth_members m"
        " JOIN pg_roles held ON held.oid = m.roleid JOIN pg_roles holder ON holder.oid = m.member"
        " WHERE held.rolname = %s GROUP BY 1 ORDER BY 1",
        [role.name],
    ).fetchall()
    generation = re.compile(re.escape(role.name) + r"_g[0-9]+")
    retired = [str(name) for (name,) in members if name != role.login and generation.fullmatch(str(name))]
    for name in retired:
        _report(f"role {name}: {_drop(admin, name)}")
    logs_in = _one(admin, "SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", role.name)
    if role.login != role.name and logs_in:
        admin.execute(sql.SQL("ALTER ROLE {} NOLOGIN PASSWORD NULL").format(sql.Identifier(role.name)))
        _report(f"role {role.name}: logs in no more")
    elif not retired:
        _report(f"role {role.name}: {role.login} alone logs in")


def _drop(admin: Connection, name: str) -> str:
    """Removes a login; one that owns something nevertheless stays and is refused."""
    admin.execute(sql.SQL("ALTER ROLE {} NOLOGIN PASSWORD NULL").format(sql.Identifier(name)))
    try:
        admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))
    except psycopg.errors.DependentObjectsStillExist:
        return "logs in no more; it owns objects"
    return "removed"


def _verifier(admin: Connection, user: str, password: str) -> sql.Literal:
    """The password's hash, as the server keeps it."""
    return sql.Literal(
        admin.pgconn.encrypt_password(password.encode(), user.encode(), b"scram-sha-256").decode()
    )


def apply_memberships(admin: Connection, role: Role) -> None:
    for group in role.member_of:
        member = _one(
            admin,
            "SELECT EXISTS (SELECT FROM pg_auth_members m"
            " JOIN pg_roles held ON held.oid = m.roleid JOIN pg_roles holder ON holder.oid = m.member"
            " WHERE held.rolname = %s AND holder.rolname = %s)",
            group,
            role.name,
        )
        if not member:
            admin.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), sql.Identifier(role.name)))
        _report(f"role {role.name}: member of {group}{', unchanged' if member else ''}")


def apply_database(
    admin: Connection, name: str, owner: str, monitors: list[str], *, grant_to_admin: bool
) -> None:
    """Creates the database and closes it to everyone but its owner and the monitors."""
    if grant_to_admin:
        # Without superuser, only a member of the owner's role may give it a database or grant in its name.
        admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(owner)))
    holder = admin.execute(
        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [name]
    ).fetchone()
    if holder is None:
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(owner))
        )
    elif holder[0] != owner:
        raise ProvisionError(
            f"database {name} belongs to {holder[0]}, not to {owner}; name another database in the spec, "
            f'or hand this one over with ALTER DATABASE "{name}" OWNER TO "{owner}"'
        )
    allowed = [owner, *(monitor for monitor in monitors if monitor != owner)]
    target, grantees = sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, allowed))
    admin.execute(sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC").format(target))
    admin.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(target, grantees))
    with connect(name) as inside:
        inside.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        # Before Postgres 15 the schema is not the database owner's by itself.
        inside.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(sql.Identifier(owner)))
    _report(f"database {name}: {'created' if holder is None else 'unchanged'}, open to {', '.join(allowed)}")


def _identifier(entry: Table, key: str) -> str:
    name = entry.text(key)
    # Postgres cuts longer names short, which would join two of them silently.
    if len(name.encode()) > 63 or "\0" in name:
        raise entry.wrong(key, "a name of at most 63 bytes")
    return name


def _one(connection: Connection, query: LiteralString, *values: str) -> object:
    row = connection.execute(query, list(values)).fetchone()
    return row[0] if row else None


@contextmanager
def _refusals() -> Iterator[None]:
    """Turns the server's errors into sentences; never the statement, which holds a password's hash."""
    try:
        yield
    except psycopg.Error as error:
        raise ProvisionError(
            f"Postgres says: {error.diag.message_primary or type(error).__name__}"
        ) from error
    except NotReadyError as error:
        raise ProvisionError(f"Postgres went away: {error}") from error


def _report(line: str) -> None:
    print(line, flush=True)
