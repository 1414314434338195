"""What the login of a client may not do, each tried on a real server."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from conftest import Workspace
from postgres_cases import Postgres, as_superuser, generation, login, role, run, spec, state

EXTENSIONS = ("intarray", "pgcrypto", "pg_trgm", "hstore", "dblink", "postgres_fdw", "file_fdw", "adminpack")
REFUSED = [
    *(f"CREATE EXTENSION {name}" for name in EXTENSIONS),
    "CREATE SCHEMA own",
    "CREATE LANGUAGE plpython3u",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(lo_create(0), '/tmp/lo-export')",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_read_binary_file('/etc/passwd')",
    "SELECT pg_ls_dir('/')",
    "GRANT pg_read_server_files TO airflow",
    "SET ROLE pg_read_server_files",
    "GRANT pg_execute_server_program TO airflow",
    "COPY kept FROM '/etc/passwd'",
    "COPY kept FROM PROGRAM 'id'",
    "COPY kept TO PROGRAM 'id'",
    "CREATE ROLE intruder",
    "CREATE DATABASE intruder",
    "ALTER SYSTEM SET work_mem = '1GB'",
    "SET SESSION AUTHORIZATION postgres",
    "SET ROLE postgres",
    "ALTER ROLE airflow_g1 CONNECTION LIMIT 1000",
    "ALTER ROLE airflow_g1 SUPERUSER",
    "ALTER DATABASE airflow OWNER TO airflow",
    "ALTER DATABASE airflow CONNECTION LIMIT 0",
    "GRANT CREATE ON DATABASE airflow TO airflow",
    "COMMENT ON DATABASE airflow IS NULL",
    "COMMENT ON ROLE airflow IS NULL",
    "CREATE PUBLICATION intruder",
    "CREATE EVENT TRIGGER intruder ON ddl_command_start EXECUTE FUNCTION pg_catalog.pg_notify()",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
    "SELECT rolpassword FROM pg_authid",
]


@pytest.fixture
def client(admin: Postgres, workspace: Workspace) -> Iterator[psycopg.Connection[Any]]:
    """The connection of a client with a table of its own."""
    run(workspace, generation(workspace, 1))
    with (
        psycopg.connect(admin_conninfo(admin), autocommit=True) as administrator,
        login(admin, "airflow_g1", "airflow", "airflow-1") as connection,
    ):
        # A session to end, where that were allowed.
        administrator.execute("SELECT 1")
        connection.execute("CREATE TABLE kept (line text)")
        yield connection


def admin_conninfo(server: Postgres) -> str:
    return f"host=127.0.0.1 port={server.port} user=postgres password=administrator-password dbname=postgres"


def test_a_client_gets_no_further_than_its_tables(admin: Postgres, client: psycopg.Connection[Any]) -> None:
    before = state(admin)
    allowed = []
    for acting in ("SET ROLE airflow", "SET ROLE NONE"):
        for statement in REFUSED:
            client.execute(acting)
            try:
                client.execute(statement.encode())
                allowed.append(statement)
            except (
                psycopg.errors.InsufficientPrivilege,
                # An extension that this server's version lacks, a group that nobody may give out.
                psycopg.errors.FeatureNotSupported,
                psycopg.errors.InvalidGrantOperation,
                psycopg.errors.UndefinedFile,
            ):
                pass
    # Without the right to give, GRANT warns and gives nothing, as the state shows.
    assert [statement for statement in allowed if not statement.startswith("GRANT CREATE")] == []
    assert state(admin) == before
    assert client.execute("SELECT extname FROM pg_extension").fetchall() == [("plpgsql",)]


def test_extensions_are_refused_for_want_of_a_right(client: psycopg.Connection[Any]) -> None:
    for name in ("intarray", "pgcrypto", "pg_trgm", "dblink"):
        with pytest.raises(
            psycopg.errors.InsufficientPrivilege, match="permission denied to create extension"
        ):
            client.execute(f"CREATE EXTENSION {name}".encode())


@pytest.mark.parametrize("database", ["template1", "postgres", "page-views"])
def test_a_client_enters_no_other_database(admin: Postgres, workspace: Workspace, database: str) -> None:
    views = role(workspace, "page views", "page-views")
    content = generation(workspace, 1)
    run(workspace, {**content, "roles": [*content["roles"], views]})
    with pytest.raises(psycopg.OperationalError, match=f'permission denied for database "{database}"'):
        login(admin, "airflow_g1", database, "airflow-1")
    # The exporter stays where it is.
    login(admin, "exporter_g1", "postgres", "exporter-1").close()


def test_the_databases_of_a_server_that_others_use_stay_as_they_are(
    admin: Postgres, workspace: Workspace
) -> None:
    query = (
        "SELECT datname, datacl::text FROM pg_database WHERE datname IN ('postgres', 'template1') ORDER BY 1"
    )
    before = as_superuser(admin, query)
    run(workspace, generation(workspace, 1, server="shared"))
    assert as_superuser(admin, query) == before


def test_a_session_in_template1_delays_no_new_database(admin: Postgres, workspace: Workspace) -> None:
    run(workspace, generation(workspace, 1, server="shared"))
    with login(admin, "airflow_g1", "template1", "airflow-1"):
        content = generation(workspace, 1, server="shared")
        outcome = run(
            workspace, {**content, "roles": [*content["roles"], role(workspace, "mlflow", "mlflow")]}
        )
    assert "database mlflow: created, open to mlflow, exporter" in outcome.lines


def test_a_client_leaves_connections_to_others(admin: Postgres, workspace: Workspace) -> None:
    greedy = role(workspace, "page views", "page-views", connectionLimit=3)
    run(workspace, spec(greedy, role(workspace, "airflow", "airflow", connectionLimit=2)))
    held = [login(admin, "page views", "page-views") for _ in range(3)]
    try:
        with pytest.raises(psycopg.OperationalError, match='too many connections for role "page views"'):
            login(admin, "page views", "page-views")
        login(admin, "airflow", "airflow").close()
    finally:
        for connection in held:
            connection.close()


def test_limits_that_add_up_to_more_than_the_server_takes_are_told(
    admin: Postgres, workspace: Workspace
) -> None:
    roles = [role(workspace, name, None, connectionLimit=60) for name in ("airflow", "mlflow")]
    assert run(workspace, spec(*roles)).lines[-1] == (
        "connection limits: 120 together, and the server takes 97: "
        "clients that use all of theirs block others; increase max_connections"
    )


def test_the_platform_makes_extensions_for_every_client(admin: Postgres, workspace: Workspace) -> None:
    wanted = ["intarray", "pg_trgm"]
    outcome = run(workspace, generation(workspace, 1, extensions=wanted))
    made = "created, extension intarray created, extension pg_trgm created"
    assert f"database airflow: {made}, open to airflow, exporter" in outcome.lines
    with login(admin, "airflow_g1", "airflow", "airflow-1") as connection:
        connection.execute(
            "CREATE TABLE kept AS SELECT sort('{2,1}'::int[]) AS sorted, similarity('a', 'b') s"
        )
        again = run(workspace, generation(workspace, 1, extensions=wanted))
        assert "database airflow: unchanged, open to airflow, exporter" in again.lines
        for statement in ("DROP EXTENSION intarray", "ALTER EXTENSION intarray UPDATE"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())
        # A name that is taken out drops nothing.
        kept = "database airflow: also has intarray, which postgres.extensions does not name"
        without = run(workspace, generation(workspace, 1, extensions=["pg_trgm"]))
        assert kept in without.lines
        assert connection.execute("SELECT sorted FROM kept").fetchall() == [([1, 2],)]


def test_an_extension_that_the_server_lacks_stops_it_first(admin: Postgres, workspace: Workspace) -> None:
    before = state(admin)
    outcome = workspace.run("postgres", generation(workspace, 1, extensions=["pg_trgm", "nowhere"]))
    assert outcome.code == 1
    assert outcome.error == (
        "provision postgres: nothing was changed: the server has no extension nowhere: "
        "install its package, or remove it from postgres.extensions"
    )
    assert state(admin) == before
