"""Databases of a server whose administrator is somebody else: each has a login, and nothing has more rights."""

import json
from pathlib import Path

from conftest import ADMIN_PASSWORD, Run, Server
from content import fill, fill_airflow
from dba import made_by_a_dba


def test_owners_get_every_row_back(source: Server, target: Server, of_logins: Run, storage_uri: str) -> None:
    for server in (source, target):
        made_by_a_dba(server, owned=True)
    fill(source)
    source.execute("airflow", "CREATE TABLE pairs AS SELECT 'a=>1'::hstore AS pair", user="airflow")
    made = of_logins("run", server=source, BACKUP_URI=storage_uri)
    assert (made.code, made.error) == (0, "")
    assert "left out: roles: the server's administrator made them, and not the platform" in made.lines
    target.execute("airflow", "CREATE TABLE of_the_migration (id int GENERATED ALWAYS AS IDENTITY)", user="airflow")
    target.execute("mlflow", 'CREATE SCHEMA "Own Schema"', user="mlflow")
    restored = of_logins("restore", "--force", server=target)
    assert (restored.code, restored.error) == (0, "")
    assert restored.lines[-2:] == [
        "database airflow: 4 tables, 702 rows, as in the manifest",
        "database mlflow: 2 tables, 50 rows, as in the manifest",
    ]
    assert of_logins("compare", server=source).code == 0
    assert target.execute("airflow", "SELECT pair -> 'a' FROM pairs", user="airflow") == [("1",)]


def test_a_login_with_rights_in_public_alone_can_restore(source: Server, target: Server, of_logins: Run) -> None:
    for server in (source, target):
        made_by_a_dba(server, owned=False)
    fill_airflow(source)
    assert of_logins("run", server=source).code == 0
    fill_airflow(target)
    target.execute(
        "airflow",
        "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
        "CREATE TYPE pair AS (a int, b positive)",
        "CREATE SEQUENCE own",
        "CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 2'",
        "CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM dag",
        "SELECT lo_create(0)",
        user="airflow",
    )
    target.execute("airflow", "CREATE TABLE of_the_dba (id int)")
    refused = of_logins("restore", server=target)
    assert refused.code == 6
    target.execute("airflow", "DROP TABLE of_the_dba")
    restored = of_logins("restore", "--force", server=target)
    assert (restored.code, restored.error) == (0, "")
    assert target.execute("airflow", "INSERT INTO dag (dag_id) VALUES ('new') RETURNING id", user="airflow") == [(201,)]
    left = "SELECT count(*) FROM pg_class WHERE relname IN ('own', 'counted', 'pair')"
    assert target.execute("airflow", left) == [(0,)]
    assert target.execute("airflow", "SELECT count(*) FROM pg_largeobject_metadata") == [(0,)]
    # What the DBA made stays the DBA's.
    owner = "SELECT pg_get_userbyid(extowner) FROM pg_extension WHERE extname = 'hstore'"
    assert target.execute("airflow", owner) == [("postgres",)]
    target.execute("airflow", "CREATE TABLE later (id int)", user="airflow")


def test_every_schema_of_the_database_stays(source: Server, target: Server, of_logins: Run) -> None:
    """One that the login owns and uses, one of a name with a space, and two of the DBA's."""
    for server in (source, target):
        made_by_a_dba(server, owned=False)
        server.execute(
            "airflow",
            "CREATE SCHEMA ml AUTHORIZATION airflow",
            'CREATE SCHEMA "Own Schema"',
            'GRANT USAGE, CREATE ON SCHEMA "Own Schema" TO airflow',
            "ALTER ROLE airflow SET search_path = ml",
            "CREATE SCHEMA extensions",
            "CREATE EXTENSION citext SCHEMA extensions",
            "GRANT USAGE ON SCHEMA extensions TO airflow",
            "CREATE SCHEMA bi",
            "CREATE TABLE bi.secret (id int)",
        )
        server.execute("mlflow", "CREATE TABLE empty (id int)", user="mlflow")
    fill_airflow(source)
    in_own_schema = "CREATE TABLE \"Own Schema\".words AS SELECT 'a'::extensions.citext AS word"
    source.execute("airflow", in_own_schema, user="airflow")
    made = of_logins("run", server=source)
    assert (made.code, made.error) == (0, "")
    assert "left out: what others own in database airflow: schema bi, schema extensions" in made.lines
    target.execute("airflow", "CREATE TABLE of_the_migration (id int)", user="airflow")
    target.execute("airflow", "INSERT INTO bi.secret VALUES (1)")
    for _ in range(2):
        restored = of_logins("restore", "--force", server=target)
        assert (restored.code, restored.error) == (0, "")
    assert "database airflow: 4 tables, 702 rows, as in the manifest" in restored.lines
    schemas = "SELECT nspname, pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname IN ('ml', 'bi') ORDER BY 1"
    assert target.execute("airflow", schemas) == [("bi", "postgres"), ("ml", "airflow")]
    assert target.execute("airflow", "SELECT id FROM bi.secret") == [(1,)]


def test_a_session_of_another_role_is_seen(source: Server, target: Server, of_logins: Run) -> None:
    for server in (source, target):
        made_by_a_dba(server, owned=True)
    fill(source)
    assert of_logins("run", server=source).code == 0
    target.execute("postgres", f"CREATE ROLE analyst LOGIN PASSWORD '{ADMIN_PASSWORD}'")
    target.execute("postgres", "GRANT CONNECT ON DATABASE airflow TO analyst")
    with target.connect("airflow", user="analyst"):
        refused = of_logins("restore", server=target)
    assert (refused.code, refused.error) == (6, "backup restore: in use: airflow by analyst. Stop these clients first")


def test_databases_of_other_names_are_the_dbas_to_load(source: Server, of_logins: Run) -> None:
    made_by_a_dba(source, owned=True)
    assert of_logins("run", server=source).code == 0
    refused = of_logins("restore", server=source, BACKUP_DATABASES="ml_airflow,ml_mlflow")
    assert refused.code == 6
    assert "The DBA loads the dumps of databases that had other names" in refused.error
    assert "postgres.prefix" not in refused.error


def test_the_backup_names_no_role_and_no_password_of_the_site(source: Server, of_logins: Run, tmp_path: Path) -> None:
    made_by_a_dba(source, owned=True)
    fill(source)
    source.execute("postgres", "CREATE ROLE another_team LOGIN", "CREATE DATABASE another_team")
    made = of_logins("run", server=source)
    assert not any("another_team" in line for line in made.lines)
    [roles] = (tmp_path / "backups").rglob("roles.sql")
    assert roles.read_text() == "-- the server's administrator made them, and not the platform\n"
    [entry] = json.loads(of_logins("list", "--json", server=source).lines[0])
    assert "roles" in entry["manifest"]["left_out"]


def test_a_failed_restore_leaves_what_was_there(source: Server, target: Server, of_logins: Run) -> None:
    made_by_a_dba(source, owned=True)
    made_by_a_dba(target, owned=False)
    fill(source)
    assert of_logins("run", server=source).code == 0
    target.execute("mlflow", "CREATE TABLE kept AS SELECT 1 AS id", user="mlflow")
    # The backup has a schema, which takes CREATE on the database.
    refused = of_logins("restore", "--force", "--database", "mlflow", server=target)
    assert refused.code == 3
    assert "permission denied for database mlflow" in refused.error
    assert target.execute("mlflow", "SELECT id FROM kept", user="mlflow") == [(1,)]


def test_a_missing_database_is_the_administrators_to_make(source: Server, of_logins: Run) -> None:
    made_by_a_dba(source, owned=True)
    source.execute("postgres", "DROP DATABASE mlflow")
    made = of_logins("run", server=source)
    assert made.code == 3
    assert "the server has no database mlflow: the server's administrator creates them" in made.error
