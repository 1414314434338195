"""Specs of `provision postgres`, and a look at what it has made."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from conftest import Outcome, Workspace

ADMIN_PASSWORD = "administrator-password"
MANAGED_PASSWORD = "managed-administrator"
PASSWORDS = {name: f"{name}-password-' %" for name in ("airflow", "mlflow", "page views", "exporter")}
PRODUCTION = {"id": "5b2d6c0e7f318a94", "stack": "organization/mlops/production"}
STAGING = {"id": "aa01bb02cc03dd04", "stack": "organization/mlops/staging"}
SIGN = '{"mlops/platform": "5b2d6c0e7f318a94", "stack": "organization/mlops/production"}'


@dataclass(frozen=True)
class Postgres:
    port: int
    environment: dict[str, str]
    log: Path


def as_superuser(server: Postgres, *statements: str, database: str = "postgres") -> list[tuple[Any, ...]]:
    """Runs the statements and returns the last one's rows."""
    with psycopg.connect(
        host="127.0.0.1",
        port=server.port,
        user="postgres",
        password=ADMIN_PASSWORD,
        dbname=database,
        # A test may ask for TLS, which this server does not speak.
        sslmode="disable",
        autocommit=True,
    ) as connection:
        for statement in statements:
            cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def wipe(server: Postgres) -> None:
    for name in ("postgres", "template1"):
        as_superuser(server, f"ALTER DATABASE {name} OWNER TO postgres")
    databases = "SELECT datname FROM pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1')"
    for (name,) in as_superuser(server, databases):
        as_superuser(server, f'DROP DATABASE "{name}" WITH (FORCE)')
    roles = [name for (name,) in as_superuser(server, "SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_'")]
    for name in roles:
        if name != "postgres":
            as_superuser(server, f'DROP OWNED BY "{name}"')
    # A role goes only after those whose membership it granted.
    for name in sorted(roles, key=lambda name: name == "manager"):
        if name != "postgres":
            as_superuser(server, f'DROP ROLE "{name}"')
    for name in ("postgres", "template1"):
        as_superuser(server, f"GRANT CONNECT, TEMPORARY ON DATABASE {name} TO PUBLIC")


def login(server: Postgres, user: str, database: str, password: str | None = None) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host="127.0.0.1",
        port=server.port,
        user=user,
        password=PASSWORDS[user] if password is None else password,
        dbname=database,
        autocommit=True,
    )


def role(workspace: "Workspace", name: str, database: str | None, **more: Any) -> dict[str, Any]:
    path = workspace.secret(f"password-{name}", more.pop("password", None) or PASSWORDS[name])
    return {"name": name, "passwordFile": path, "database": database, **more}


def spec(*roles: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A spec of the production platform on a server of its own, unless told otherwise."""
    return {"platform": PRODUCTION, "server": "own", "roles": list(roles), **more}


def platform(workspace: "Workspace", **more: Any) -> dict[str, Any]:
    return spec(
        role(workspace, "airflow", "airflow", connectionLimit=60),
        role(workspace, "page views", "page-views"),
        role(workspace, "exporter", None, memberOf=["pg_monitor"], connectionLimit=None),
        **more,
    )


def generation(workspace: "Workspace", number: int, **more: Any) -> dict[str, Any]:
    """The platform's roles with a login for the generation."""
    password = more.pop("password", "{name}-{number}")

    def with_login(name: str, database: str | None, **others: Any) -> dict[str, Any]:
        own = password.format(name=name, number=number)
        return role(workspace, name, database, login=f"{name}_g{number}", password=own, **others)

    monitor = with_login("exporter", None, memberOf=["pg_monitor"], connectionLimit=5)
    return spec(with_login("airflow", "airflow", connectionLimit=60), monitor, **more)


def run(workspace: "Workspace", content: dict[str, Any], *options: str) -> "Outcome":
    outcome = workspace.run("postgres", content, *options)
    assert outcome.error == ""
    assert outcome.code == 0
    return outcome


def state(server: Postgres) -> list[Any]:
    """Everything that the Job may change, passwords included."""
    return [
        as_superuser(server, query)
        for query in (
            "SELECT rolname, rolcanlogin, rolconnlimit, rolpassword, shobj_description(oid, 'pg_authid')"
            " FROM pg_authid ORDER BY 1",
            "SELECT datname, pg_get_userbyid(datdba), datacl::text, shobj_description(oid, 'pg_database')"
            " FROM pg_database ORDER BY 1",
            "SELECT roleid::regrole::text, member::regrole::text FROM pg_auth_members ORDER BY 1, 2",
        )
    ]
