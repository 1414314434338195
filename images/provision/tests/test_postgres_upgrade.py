"""What the version before has made, unsigned and its databases the clients' own, is moved over."""

from typing import Any

import psycopg
import pytest

from conftest import Workspace
from postgres_cases import SIGN, Postgres, as_superuser, generation, login, run, spec, state
from provision.postgres.server import connect


@pytest.fixture
def before(admin: Postgres) -> Postgres:
    """A platform as the version before leaves it, with a row and an extension of its client."""
    with connect() as administrator:
        for statement in (
            "CREATE ROLE airflow NOLOGIN",
            "CREATE ROLE airflow_g1 WITH LOGIN PASSWORD 'airflow-1' CONNECTION LIMIT -1",
            "GRANT airflow TO airflow_g1",
            "ALTER ROLE airflow_g1 SET role = airflow",
            "CREATE ROLE exporter NOLOGIN",
            "CREATE ROLE exporter_g1 WITH LOGIN PASSWORD 'exporter-1' CONNECTION LIMIT -1",
            "GRANT exporter TO exporter_g1",
            "ALTER ROLE exporter_g1 SET role = exporter",
            "GRANT pg_monitor TO exporter",
            "GRANT airflow TO CURRENT_USER",
            "CREATE DATABASE airflow OWNER airflow",
            "REVOKE CONNECT, TEMPORARY ON DATABASE airflow FROM PUBLIC",
            "GRANT CONNECT ON DATABASE airflow TO airflow, exporter",
        ):
            try:
                administrator.execute(statement.encode())
            except psycopg.errors.InvalidGrantOperation:
                # A superuser is a member of every role.
                continue
    with connect("airflow") as inside:
        inside.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        inside.execute("GRANT USAGE, CREATE ON SCHEMA public TO airflow")
    with login(admin, "airflow_g1", "airflow", "airflow-1") as client:
        client.execute("CREATE EXTENSION pgcrypto")
        client.execute("CREATE SCHEMA own")
        client.execute("CREATE TABLE own.kept AS SELECT 1 AS id, digest('x', 'sha256') AS hash")
        client.execute("CREATE TABLE kept AS SELECT 2 AS id")
    return admin


@pytest.mark.parametrize("server", ["own", "shared"])
def test_databases_are_moved_over_with_their_data(
    before: Postgres, workspace: Workspace, server: str
) -> None:
    with login(before, "airflow_g1", "airflow", "airflow-1") as running:
        outcome = run(workspace, generation(workspace, 1, server=server))
        administrator = as_superuser(
            before, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'airflow'"
        )
        [(owner,)] = administrator
        taken = "taken over, since it carried no platform's sign"
        assert outcome.lines[:8] == [
            f"role airflow: {taken}",
            f"role airflow_g1: {taken}, password set",
            f"role exporter: {taken}",
            f"role exporter_g1: {taken}, password set",
            "role exporter: member of pg_monitor, unchanged",
            f"database airflow: {taken}, now of {owner}, the tables still of airflow, "
            "open to airflow, exporter",
            "database airflow: also has pgcrypto, which postgres.extensions does not name",
            *outcome.lines[7:8],
        ]
        # Who was connected goes on, with its tables.
        assert running.execute("SELECT id FROM own.kept UNION SELECT id FROM kept ORDER BY 1").fetchall() == [
            (1,),
            (2,),
        ]
        running.execute("ALTER TABLE kept ADD COLUMN note text")
        running.execute("CREATE TABLE later AS SELECT digest('y', 'sha256') AS hash")
        for statement in ("CREATE EXTENSION intarray", "CREATE SCHEMA more"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                running.execute(statement.encode())
    assert owner in ("postgres", "manager")
    limits = "SELECT rolconnlimit FROM pg_roles WHERE rolname = 'airflow_g1'"
    assert as_superuser(before, limits) == [(60,)]
    signed = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'airflow'"
    assert as_superuser(before, signed) == [(SIGN,)]
    again = run(workspace, generation(workspace, 1, server=server))
    assert "database airflow: unchanged, open to airflow, exporter" in again.lines


def test_a_rotation_goes_on_where_it_was(before: Postgres, workspace: Workspace) -> None:
    """The next generation comes with the new version: the login before is signed and bounded, too."""
    run(workspace, generation(workspace, 2))
    login(before, "airflow_g1", "airflow", "airflow-1").close()
    query = (
        "SELECT rolconnlimit, shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = 'airflow_g1'"
    )
    assert as_superuser(before, query) == [(60, SIGN)]
    run(workspace, generation(workspace, 2), "--retire")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        login(before, "airflow_g1", "airflow", "airflow-1")
    with login(before, "airflow_g2", "airflow", "airflow-2") as client:
        assert client.execute("SELECT id FROM kept").fetchall() == [(2,)]


def test_on_a_shared_server_another_password_takes_nothing_over(
    before: Postgres, workspace: Workspace
) -> None:
    found = state(before)
    content: dict[str, Any] = generation(
        workspace, 1, server="shared", password="of another platform, {name}"
    )
    outcome = workspace.run("postgres", content)
    assert outcome.code == 1
    assert (
        "no platform has signed database airflow, role airflow, role airflow_g1, role exporter"
        in outcome.error
    )
    assert state(before) == found


def test_a_project_that_is_new_needs_no_proof(before: Postgres, workspace: Workspace) -> None:
    content = generation(workspace, 1, server="shared")
    path = workspace.secret("new", "new")
    new = {"name": "new", "login": "new_g1", "passwordFile": path, "database": "new"}
    outcome = run(workspace, spec(*content["roles"], new, server="shared"))
    assert "database new: created, open to new, exporter" in outcome.lines
