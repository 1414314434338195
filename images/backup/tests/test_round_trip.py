"""A backup of one server, restored into another."""

import json
import re
from pathlib import Path

import psycopg
import pytest
from pyrage import x25519

from conftest import ADMIN_PASSWORD, FERNET_KEY, Run, Server
from content import SECRET, connection_password, fill


def test_an_empty_server_gets_every_row_back(source: Server, target: Server, storage_uri: str, run: Run) -> None:
    source.provision("airflow", "mlflow")
    fill(source)
    made = run("run", server=source, BACKUP_URI=storage_uri)
    assert (made.code, made.error) == (0, "")
    assert [line for line in made.lines if line.startswith("database")] == [
        line
        for line in made.lines
        if re.match(r"database (airflow: 3 tables, 701 rows|mlflow: 2 tables, 50 rows)", line)
    ]
    verified = run("verify", server=target)
    assert verified.code == 0
    assert [line.split(",")[0] for line in verified.lines[:3]] == [
        "intact: databases/airflow.dump",
        "intact: databases/mlflow.dump",
        "intact: roles.sql",
    ]

    target.provision("airflow", "mlflow")
    restored = run("restore", server=target)
    assert (restored.code, restored.error) == (0, "")
    assert restored.lines[-2:] == [
        "database airflow: 3 tables, 701 rows, as in the manifest",
        "database mlflow: 2 tables, 50 rows, as in the manifest",
    ]
    for server in (source, target):
        assert run("compare", server=server).code == 0
    query = "SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM dag t"
    assert source.execute("airflow", query) == target.execute("airflow", query)


def test_what_was_restored_works_for_its_owner(source: Server, target: Server, run: Run) -> None:
    for server in (source, target):
        server.provision("airflow", "mlflow")
    fill(source)
    assert run("run", server=source).code == 0
    assert run("restore", server=target).code == 0
    # Sequences go on, constraints hold, and views and other schemas are the owner's.
    assert target.execute("airflow", "INSERT INTO dag (dag_id) VALUES ('new') RETURNING id", user="airflow") == [(201,)]
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        target.execute("airflow", "INSERT INTO connection VALUES (999)", user="airflow")
    assert target.execute("airflow", "SELECT count(*) FROM latest", user="airflow") == [(200,)]
    assert target.execute("mlflow", 'DROP SCHEMA "Own Schema" CASCADE', user="mlflow") == []


def test_a_server_whose_administrator_is_no_superuser(source: Server, target: Server, run: Run) -> None:
    """As on Cloud SQL and RDS."""
    for server in (source, target):
        server.execute("postgres", f"CREATE ROLE cloud LOGIN CREATEROLE CREATEDB PASSWORD '{ADMIN_PASSWORD}'")
        Server(server.port, "cloud").provision("airflow", "mlflow")
    fill(source)
    target.execute("airflow", "CREATE TABLE of_the_migration (id int)", user="airflow")
    assert run("run", server=Server(source.port, "cloud")).code == 0
    restored = run("restore", "--force", server=Server(target.port, "cloud"))
    assert (restored.code, restored.error) == (0, "")
    assert target.execute("airflow", "INSERT INTO dag (dag_id) VALUES ('new') RETURNING id", user="airflow") == [(201,)]
    target.execute("airflow", "CREATE TABLE public.next (id int)", user="airflow")


@pytest.mark.parametrize("admin", ["postgres", "cloud"])
def test_extensions_come_back_and_stay_the_platforms(source: Server, target: Server, run: Run, admin: str) -> None:
    for server in (source, target):
        if admin != "postgres":
            server.execute("postgres", f"CREATE ROLE cloud LOGIN CREATEROLE CREATEDB PASSWORD '{ADMIN_PASSWORD}'")
        Server(server.port, admin).provision("airflow", "mlflow")
        Server(server.port, admin).execute("airflow", "CREATE EXTENSION hstore")
    fill(source)
    source.execute("airflow", "CREATE TABLE pairs AS SELECT 'a=>1'::hstore AS pair", user="airflow")
    assert run("run", server=Server(source.port, admin)).code == 0
    restored = run("restore", "--force", server=Server(target.port, admin))
    assert (restored.code, restored.error) == (0, "")
    assert not any(line.startswith("role") for line in restored.lines)
    owner = "SELECT pg_get_userbyid(extowner) FROM pg_extension WHERE extname = 'hstore'"
    assert target.execute("airflow", owner) == [(admin,)]
    assert target.execute("airflow", "SELECT pair -> 'a' FROM pairs", user="airflow") == [("1",)]
    for statement in ("CREATE EXTENSION intarray", "CREATE SCHEMA own", "DROP EXTENSION hstore"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            target.execute("airflow", statement, user="airflow")


def test_a_backup_without_rights_leaves_those_of_the_platform(source: Server, target: Server, run: Run) -> None:
    """As one of a database that was its client's own, where nobody had to give a right."""
    target.provision("airflow", "mlflow")
    for name in ("airflow", "mlflow"):
        source.execute("postgres", f"CREATE ROLE {name} LOGIN PASSWORD '{ADMIN_PASSWORD}'")
        source.execute("postgres", f"CREATE DATABASE {name} OWNER {name}")
    source.execute("airflow", "CREATE TABLE kept AS SELECT 1 AS id", user="airflow")
    assert run("run", server=source).code == 0
    assert run("restore", "--force", server=target).code == 0
    assert target.execute("airflow", "SELECT id FROM kept", user="airflow") == [(1,)]
    target.execute("airflow", "CREATE TABLE later (id int)", user="airflow")


def test_what_a_client_has_made_does_not_run_as_the_administrator(source: Server, run: Run) -> None:
    source.provision("airflow", "mlflow")
    fill(source)
    evil = "RETURNS text LANGUAGE plpgsql AS $$BEGIN ALTER ROLE airflow SUPERUSER; RETURN ''; END$$"
    source.execute(
        "airflow",
        f"CREATE FUNCTION evil(dag) {evil}",
        "CREATE CAST (dag AS text) WITH FUNCTION evil(dag)",
        f"CREATE FUNCTION encode(bytea, text) {evil}",
        user="airflow",
    )
    assert run("run", server=source).code == 0
    assert source.execute("airflow", "SELECT rolsuper FROM pg_roles WHERE rolname = 'airflow'") == [(False,)]


def test_rows_that_come_while_it_runs_are_in_neither_counts_nor_dump(
    source: Server, target: Server, run: Run, programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for server in (source, target):
        server.provision("airflow", "mlflow")
    fill(source)
    slow = tmp_path / "bin/pg_dump"
    slow.parent.mkdir()
    insert = "INSERT INTO dag (dag_id) VALUES (gen_random_uuid()::text)"
    slow.write_text(
        f'#!/bin/sh\nset -e\n[ "$1" = --version ] || {programs}/psql -qd airflow -c "{insert}"\n'
        f'exec {programs}/pg_dump "$@"\n'
    )
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", str(slow.parent), prepend=":")
    assert run("run", server=source).code == 0
    assert source.execute("airflow", "SELECT count(*) FROM dag") == [(202,)]
    assert run("restore", server=target).lines[-2] == "database airflow: 3 tables, 701 rows, as in the manifest"


def test_only_one_database_is_restored_where_one_is_named(source: Server, target: Server, run: Run) -> None:
    for server in (source, target):
        server.provision("airflow", "mlflow")
    fill(source)
    run("run", server=source)
    assert run("restore", "--database", "mlflow", server=target).code == 0
    assert target.execute("airflow", "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
    refused = run("restore", "--database", "other")
    assert refused.code == 2
    assert "has no database other; it has airflow, mlflow" in refused.error


def test_a_role_that_the_target_lacks_is_made_without_login(source: Server, target: Server, run: Run) -> None:
    for server in (source, target):
        server.provision("airflow", "mlflow")
    fill(source)
    source.execute("airflow", "CREATE ROLE analyst LOGIN PASSWORD 'p'", "GRANT SELECT ON dag TO analyst")
    run("run", server=source)
    restored = run("restore", server=target)
    assert restored.code == 0
    assert any(line.startswith("role analyst: created without login") for line in restored.lines)
    assert target.execute(
        "airflow",
        "SELECT rolcanlogin, has_table_privilege('analyst', 'dag', 'SELECT') FROM pg_roles r WHERE rolname = 'analyst'",
    ) == [(False, True)]


def test_the_key_opens_a_restored_connection(source: Server, target: Server, run: Run, tmp_path: Path) -> None:
    for server in (source, target):
        server.provision("airflow", "mlflow")
    fill(source)
    identity = x25519.Identity.generate()
    key_file, identity_file = tmp_path / "fernet-key", tmp_path / "identity.txt"
    key_file.write_text(FERNET_KEY)
    identity_file.write_text(f"# created: today\n# public key: {identity.to_public()}\n{identity}\n")
    made = run("run", server=source, BACKUP_RECIPIENT=str(identity.to_public()), BACKUP_FERNET_KEY_FILE=str(key_file))
    assert made.code == 0
    assert not any("fernet key" in line for line in made.lines)
    folder = tmp_path / "backups"
    assert all(FERNET_KEY.encode() not in path.read_bytes() for path in folder.rglob("*") if path.is_file())

    assert run("restore", server=target).code == 0
    printed = run("key", "--identity", str(identity_file))
    assert printed.lines == [FERNET_KEY]
    assert connection_password(target, printed.lines[0]) == SECRET

    identity_file.write_text(str(x25519.Identity.generate()))
    wrong = run("key", "--identity", str(identity_file))
    assert wrong.code == 2
    assert "encrypted to another recipient" in wrong.error


def test_without_a_recipient_the_key_is_left_out_and_that_is_said(source: Server, run: Run, tmp_path: Path) -> None:
    source.provision("airflow", "mlflow")
    key_file = tmp_path / "fernet-key"
    key_file.write_text(FERNET_KEY)
    made = run("run", server=source, BACKUP_FERNET_KEY_FILE=str(key_file))
    assert made.code == 0
    reason = "no recipient is configured to encrypt it (backup.recipient)"
    assert f"left out: fernet key: {reason}" in made.lines
    [entry] = json.loads(run("list", "--json").lines[0])
    assert entry["manifest"]["fernet_key"] is None
    assert entry["manifest"]["left_out"]["fernet key"] == reason
    assert not list((tmp_path / "backups").rglob("*.age"))
    refused = run("key", "--identity", "-")
    assert (refused.code, reason in refused.error) == (2, True)


def test_a_database_that_is_none_of_the_platforms_is_named(source: Server, run: Run) -> None:
    source.provision("airflow", "mlflow", "gone-project")
    made = run("run", server=source)
    assert "left out: database gone-project, which does not belong to the platform" in made.lines


def test_no_password_is_in_an_argument_or_in_the_backup(
    source: Server, target: Server, run: Run, programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for server in (source, target):
        server.provision("airflow", "mlflow")
    fill(source)
    log = tmp_path / "arguments"
    spies = tmp_path / "bin"
    spies.mkdir()
    for name in ("pg_dump", "pg_dumpall", "pg_restore", "psql"):
        (spies / name).write_text(f'#!/bin/sh\necho {name} "$@" >>{log}\nexec {programs}/{name} "$@"\n')
        (spies / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(spies), prepend=":")
    assert run("run", server=source).code == 0
    assert run("restore", server=target).code == 0
    called = log.read_text()
    assert {line.split()[0] for line in called.splitlines()} == {"pg_dump", "pg_dumpall", "pg_restore", "psql"}
    assert ADMIN_PASSWORD not in called
    roles = next((tmp_path / "backups").rglob("roles.sql")).read_text()
    assert "airflow" in roles
    assert "PASSWORD" not in roles and "SCRAM" not in roles
